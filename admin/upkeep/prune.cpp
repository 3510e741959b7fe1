#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

#include "admin/command.hpp"
#include "admin/console/progress.hpp"
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

/// Throws console::Refusal unless the value of an option is a past day.
void require_past_day(sql::Connection& connection, std::string_view option, const sql::Parameter& day) {
    if (day && !is_past_day(connection, *day))
        throw console::Refusal{std::string{option} + " takes a day as YYYY-MM-DD, today at the latest, not " +
                               in_quotes(*day)};
}

/// Deletes the events from more than one day before the start of `day`, in UTC; those that wait for a queue up to the
/// day itself when `waiting`. Returns how many were deleted.
std::int64_t prune_events(sql::Connection& connection, const std::string& day, bool waiting,
                          console::Progress& progress) {
    const auto row_in = [](std::int64_t block) { return '(' + std::to_string(block) + ",0)"; };
    const std::int64_t blocks = event_blocks(connection);
    std::int64_t deleted = 0;
    for (std::int64_t block = 0; block < blocks; block += kBlocks) {
        deleted +=
            connection
                .query(queries::prune_events, {row_in(block), row_in(block + kBlocks), day, waiting ? "true" : "false"},
                       sql::kNoDeadline)
                .affected();
        progress.step(console::counted(deleted, "event", "events") + " deleted");
    }
    return deleted;
}

/// Deletes the old rows of a table that `statement` knows, 10,000 per transaction, until it meets 10,000 that are not
/// old. Returns how many were deleted.
std::int64_t prune_rows(sql::Connection& connection, const sql::Statement& statement, const std::string& day,
                        console::Progress& progress) {
    std::int64_t deleted = 0;
    for (std::string last = "0";;) {
        const sql::Rows rows = connection.query(statement, {last, day}, sql::kNoDeadline);
        if (rows.integer(0, 1) == 0) return deleted;
        deleted += rows.integer(0, 1);
        last = rows.text(0, 0);
        progress.step(console::counted(deleted, "row", "rows") + " deleted");
    }
}

/// Deletes the offers and callers from before a day, and what they add to the sums; then the events of phone systems
/// that are more than a day older than that.
void prune_calls(sql::Connection& connection, const std::string& before, console::Progress& progress) {
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
            progress.step(console::counted(offers, "offer", "offers") + " and " +
                          console::counted(callers, "caller", "callers") + " deleted");
        }
    }
    prune_events(connection, before, false, progress);
    progress.clear();
    std::cout << "Deleted " << console::counted(offers, "offer", "offers") << " and "
              << console::counted(callers, "caller", "callers") << " from before " << before << " UTC.\n";
}

/// Deletes what phone systems sent before a day: the events, but for those of the last day before it, the rows as they
/// came, and the problems. The calls stay.
void prune_sent(sql::Connection& connection, const std::string& before, console::Progress& progress) {
    const std::int64_t events = prune_events(connection, before, true, progress);
    const std::int64_t rows = prune_rows(connection, queries::prune_queue_log, before, progress) +
                              prune_rows(connection, queries::prune_freeswitch_events, before, progress);
    const std::int64_t problems = prune_rows(connection, queries::prune_event_problems, before, progress);
    progress.clear();
    std::cout << "Deleted " << console::counted(events, "event", "events") << ", "
              << console::counted(rows, "row", "rows") << " of phone systems and "
              << console::counted(problems, "problem", "problems") << " from before " << before
              << " UTC; the calls stay.\n";
}

struct Prune {
    std::optional<std::string> before;         ///< YYYY-MM-DD, the start of that day in UTC, today at the latest
    std::optional<std::string> events_before;  ///< likewise
};

/// Deletes old calls, old events or both, in transactions of at most 10,000 rows. From then on no event adds a call
/// that starts before the day `before`, and none that is dated before the day `events_before` counts. May be killed
/// and run again. Throws console::Refusal when a value is not such a day.
void prune(const Prune& options) {
    sql::Connection connection = connect_migrated(Data::kCalls);
    require_past_day(connection, "--before", options.before);
    require_past_day(connection, "--events-before", options.events_before);
    connection.query(queries::begin_prune, {options.before, options.events_before}, sql::kNoDeadline);
    wait_for_folding(connection);
    console::Progress progress;
    if (options.before) prune_calls(connection, *options.before, progress);
    if (options.events_before) prune_sent(connection, *options.events_before, progress);
}

}  // namespace

void add_prune(Group& all) {
    all.command<Prune>(
        "prune", "Delete old calls, and what they add to the statistics; no event of a phone system brings one back",
        prune, [](Arguments& takes, Prune& options) {
            takes.text("--before", options.before, "Those that started before this day, UTC", "YYYY-MM-DD")
                .text("--events-before", options.events_before,
                      "Delete what phone systems sent before this day, UTC: events, rows and problems; calls stay, and "
                      "no event dated before it makes, ends or changes one any more",
                      "YYYY-MM-DD")
                .check([&options] {
                    return options.before || options.events_before ? "" : "--before or --events-before is required";
                });
        });
}

}  // namespace admin::upkeep
