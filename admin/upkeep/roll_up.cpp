#include "admin/command.hpp"
#include "admin/upkeep/commands.hpp"
#include "admin/upkeep/sums.hpp"

namespace admin::upkeep {
namespace {

struct RollUp {
    bool rebuild = false;  ///< makes all sums anew
    bool force = false;    ///< trusts the clock
};

void run(const RollUp& options) { options.rebuild ? rebuild_sums(options.force) : roll_up(options.force); }

}  // namespace

void add_roll_up(Group& all) {
    all.command<RollUp>(
        "roll-up", "Sum up new and changed calls, so that long periods are answered fast (run it by a timer)", run,
        [](Arguments& takes, RollUp& options) {
            takes
                .flag("--rebuild", options.rebuild,
                      "Make all sums anew from the calls, none of them ahead of the clock; answers go on meanwhile")
                .flag("--force", options.force,
                      "Sum up until 15 minutes ago even when that is over 7 days past the newest call and past what is "
                      "summed");
        });
}

}  // namespace admin::upkeep
