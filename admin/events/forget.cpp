#include <cstdint>
#include <iostream>
#include <string>

#include "admin/command.hpp"
#include "admin/console/confirm.hpp"
#include "admin/console/progress.hpp"
#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/events/commands.hpp"
#include "admin/events/import.hpp"
#include "admin/events/queries.hpp"
#include "admin/name.hpp"
#include "admin/upkeep/sums.hpp"

namespace admin::events {
namespace {

constexpr std::int64_t kBlocks = 32;  // of phone_events per transaction: some 1,000 events

struct Forgetting {
    std::string source;
    sql::Parameter since;  ///< always given, as `until`
    sql::Parameter until;
    bool yes = false;
};

/// Takes back the events of a phone system that are dated in a time, and the calls made of them. May be killed and run
/// again.
void forget(const Forgetting& options) {
    sql::Connection connection = connect_migrated(Data::kCalls);
    console::confirm("The events of " + in_quotes(options.source) + " from " + *options.since + " to " +
                         *options.until + " and the calls made of them will be deleted.",
                     options.yes);
    connection.query(queries::forget_kept, {options.source, options.since, options.until}, sql::kNoDeadline);
    const auto row_in = [](std::int64_t block) { return '(' + std::to_string(block) + ",0)"; };
    const std::int64_t blocks = event_blocks(connection);
    console::Progress progress;
    std::int64_t events = 0;
    std::int64_t offers = 0;
    std::int64_t callers = 0;
    for (std::int64_t block = 0; block < blocks; block += kBlocks) {
        const sql::Rows step = connection.query(
            queries::forget_step,
            {options.source, options.since, options.until, row_in(block), row_in(block + kBlocks)}, sql::kNoDeadline);
        events += step.integer(0, 0);
        offers += step.integer(0, 1);
        callers += step.integer(0, 2);
        progress.step(console::counted(events, "event", "events") + " taken back");
    }
    progress.clear();
    std::cout << console::counted(events, "event", "events") << " taken back, and with them "
              << console::counted(offers, "offer", "offers") << " and "
              << console::counted(callers, "caller", "callers") << ".\n";
    if (events > 0) upkeep::roll_up_imported();
}

}  // namespace

void add_forget(Group& all) {
    all.command<Forgetting>(
        "forget",
        "Take back what a phone system sent in a time, and the calls made of it; it can be imported again then", forget,
        [](Arguments& takes, Forgetting& options) {
            takes.text("--source", options.source, "Which phone system", "NAME");
            take_time(takes, "--since", options.since, "Events from this on: Unix seconds, or ISO 8601 with an offset");
            take_time(takes, "--until", options.until, "Events before this");
            takes.flag("--yes", options.yes, "Do not ask").check([&options] {
                return options.since && options.until ? "" : "--since and --until are required";
            });
        });
}

}  // namespace admin::events
