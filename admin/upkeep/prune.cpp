#include "admin/upkeep/prune.hpp"

#include <iostream>

#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/queries.hpp"
#include "admin/upkeep/sums.hpp"

namespace admin {
namespace {

constexpr std::int64_t kBlocks = 256;  // 2 MiB, of some 10,000 events

/// Whether the text is a day as YYYY-MM-DD, today at the latest.
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

void prune_events(sql::Connection& connection, const std::string& before) {
    const auto row_in = [](std::int64_t block) { return '(' + std::to_string(block) + ",0)"; };
    const std::int64_t blocks = connection.query(queries::count_event_blocks, {}, sql::kNoDeadline).integer(0, 0);
    for (std::int64_t block = 0; block < blocks; block += kBlocks)
        connection.query(queries::prune_events, {row_in(block), row_in(block + kBlocks), before}, sql::kNoDeadline);
}

}  // namespace

void prune(const std::string& before) {
    sql::Connection connection = connect_migrated();
    if (!is_past_day(connection, before))
        throw Refusal{"--before takes a day as YYYY-MM-DD, today at the latest, not " + quoted(before)};
    const bool events = has_events(connection);
    if (events) connection.query(queries::begin_prune, {before}, sql::kNoDeadline);
    const sql::Rows queues = connection.query(queries::list_queue_ids, {std::nullopt}, sql::kNoDeadline);
    std::int64_t deleted = 0;
    for (int i = 0; i < queues.size(); ++i) {
        const std::string queue{queues.text(i, 0)};
        std::int64_t step = 0;
        do {
            step = connection.query(queries::prune_step, {queue, before}, sql::kNoDeadline).integer(0, 0);
            deleted += step;
        } while (step > 0);
    }
    if (events) prune_events(connection, before);
    std::cout << "Deleted " << counted(deleted, "call", "calls") << " that started before " << before << " UTC.\n";
    if (deleted > 0) roll_up();
}

}  // namespace admin
