#include "admin/command.hpp"
#include "admin/upkeep/commands.hpp"
#include "admin/upkeep/sums.hpp"

namespace admin::upkeep {
namespace {

void run(bool rebuild) { rebuild ? rebuild_sums() : roll_up(); }

}  // namespace

void add_roll_up(Group& all) {
    all.command<bool>(
        "roll-up", "Sum up new and changed calls, so that long periods are answered fast (run it by a timer)", run,
        [](Arguments& takes, bool& rebuild) {
            takes.flag("--rebuild", rebuild, "Make all sums anew from the calls; answers go on meanwhile");
        });
}

}  // namespace admin::upkeep
