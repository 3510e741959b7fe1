#include <cstdint>
#include <iostream>
#include <string>

#include "admin/command.hpp"
#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/name.hpp"
#include "admin/upkeep/commands.hpp"
#include "admin/upkeep/queries.hpp"
#include "admin/upkeep/sums.hpp"

namespace admin::upkeep {
namespace {

constexpr std::int64_t kBlocks = 256;  // per transaction: 2 MiB, or some 10,000 events

/// Whether the text is a day as YYYY-MM-DD and not after today (in UTC).
bool is_past_day(sql::Connection& connection, const std::string& day) {
    if (day.size() != 10 || day.find_first_not_of("0123456789-") != std::string::npos || day[4] != '-' || day[7] != '-')
        return false;
    try {
        return connection.query(queries::past_day, {day}, sql::kNoDeadline).boolean(0, 0);
    } catch (const sql::Failure& failure) {
        if (!failure.sqlstate().starts_with("22")) throw;
        return false;
    }
}

/// Deletes the events from more than one day before the start of the day `before`, in UTC.
void prune_events(sql::Connection& connection, const std::string& before) {
    const auto row_in = [](std::int64_t block) { return '(' + std::to_string(block) + ",0)"; };
    const std::int64_t blocks = connection.query(queries::count_event_blocks, {}, sql::kNoDeadline).integer(0, 0);
    for (std::int64_t block = 0; block < blocks; block += kBlocks)
        connection.query(queries::prune_events, {row_in(block), row_in(block + kBlocks), before}, sql::kNoDeadline);
}

/// Deletes the offers and callers from before a day, and what they add to the sums, in transactions of at most 10,000
/// of each; then the events of phone systems that are more than a day older than that. before: YYYY-MM-DD, the start of
/// that day in UTC, today at the latest. From then on no event adds a call that starts before that day. May be killed
/// and run again. Throws console::Refusal when `before` is not such a day.
void prune(const std::string& before) {
    sql::Connection connection = connect_migrated();
    if (!is_past_day(connection, before))
        throw console::Refusal{"--before takes a day as YYYY-MM-DD, today at the latest, not " + in_quotes(before)};
    connection.query(queries::begin_prune, {before}, sql::kNoDeadline);
    // Events that are being folded may not know of the prune yet.
    const sql::Rows systems = connection.query(queries::list_phone_systems, {}, sql::kNoDeadline);
    for (int i = 0; i < systems.size(); ++i)
        connection.query(queries::lock_phone_system, {std::string{systems.text(i, 0)}}, sql::kNoDeadline);
    const sql::Rows queues = connection.query(queries::list_queue_ids, {std::nullopt}, sql::kNoDeadline);
    std::int64_t offers = 0;
    std::int64_t callers = 0;
    for (int i = 0; i < queues.size(); ++i) {
        const std::string queue{queues.text(i, 0)};
        for (bool more = true; more;) {
            const sql::Rows deleted = in_turn(connection, queries::prune_step, {queue, before});
            offers += deleted.integer(0, 0);
            callers += deleted.integer(0, 1);
            more = deleted.integer(0, 0) > 0 || deleted.integer(0, 1) > 0;
        }
    }
    prune_events(connection, before);
    std::cout << "Deleted " << console::counted(offers, "offer", "offers") << " and "
              << console::counted(callers, "caller", "callers") << " from before " << before << " UTC.\n";
}

}  // namespace

void add_prune(Group& all) {
    all.command<std::string>(
        "prune", "Delete old calls, and what they add to the statistics; no event of a phone system brings one back",
        prune, [](Arguments& takes, std::string& before) {
            takes.text("--before", before, "Those that started before this day, UTC", "YYYY-MM-DD");
        });
}

}  // namespace admin::upkeep
