#include "admin/upkeep/sums.hpp"

#include <chrono>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/upkeep/queries.hpp"

namespace admin::upkeep {
namespace {

// Begins a transaction. Both locks must come before its snapshot (roll_up_step() in sql/migrations says why).
constexpr const char* kBegin =
    "begin isolation level repeatable read;"
    "lock table queue_statistics.queue_destination_calls in access share mode;"
    "lock table queue_statistics.rollup_state in share update exclusive mode nowait";

constexpr std::chrono::seconds kLongestWait{10};
constexpr std::chrono::milliseconds kPause{50};

/// SQLSTATE of a lock that another session holds.
constexpr std::string_view kLockNotAvailable = "55P03";

/// Runs one step of the roll-up in a transaction of its own, with the two locks that every step needs. Throws
/// sql::Failure with SQLSTATE 55P03 when another roll-up is at work.
sql::Rows in_roll_up(sql::Connection& connection, const sql::Statement& step,
                     const std::vector<sql::Parameter>& parameters) {
    try {
        connection.script(kBegin, sql::kNoDeadline);
        sql::Rows rows = connection.query(step, parameters, sql::kNoDeadline);
        connection.script("commit", sql::kNoDeadline);
        return rows;
    } catch (const sql::Failure&) {
        connection.close();
        throw;
    }
}

/// Runs steps until all is done, which returns true, or until only older transactions are waited for and kLongestWait
/// is over.
bool roll_up_until_done(sql::Connection& connection, std::int64_t& steps) {
    const std::string target{connection.query(queries::roll_up_target, {}, sql::kNoDeadline).text(0, 0)};
    const auto patience = std::chrono::steady_clock::now() + kLongestWait;
    while (true) {
        const sql::Rows rows = in_roll_up(connection, queries::roll_up_step, {target});
        ++steps;
        const std::string_view state = rows.text(0, 0);
        if (state == "done") return true;
        if (state != "waiting") continue;
        if (std::chrono::steady_clock::now() > patience) return false;
        std::this_thread::sleep_for(kPause);
    }
}

void report(sql::Connection& connection, bool done, std::int64_t steps) {
    const sql::Rows state = connection.query(queries::roll_up_state, {}, sql::kNoDeadline);
    std::cout << "Calls until " << state.text(0, 0) << " UTC are summed, by "
              << console::counted(steps, "step", "steps") << ".\n";
    if (done) return;
    std::cout << "Newer ones wait for older transactions to end";
    const sql::Rows oldest = connection.query(queries::oldest_transaction, {}, sql::kNoDeadline);
    if (oldest.size() > 0) std::cout << "; the oldest: " << oldest.text(0, 0);
    std::cout << ". Answers are exact all the same.\n";
}

}  // namespace

void roll_up() {
    sql::Connection connection = connect_migrated();
    connection.query(queries::resolve_forgotten, {}, sql::kNoDeadline);
    std::int64_t steps = 0;
    try {
        const bool done = roll_up_until_done(connection, steps);
        report(connection, done, steps);
    } catch (const sql::Failure& failure) {
        if (failure.sqlstate() != kLockNotAvailable) throw;
        std::cout << "Another roll-up is at work; there is nothing to do for this one.\n";
    }
}

void rebuild_sums() {
    sql::Connection connection = connect_migrated();
    const sql::Rows queues = connection.query(queries::list_queue_ids, {std::nullopt}, sql::kNoDeadline);
    std::int64_t steps = 0;
    // A roll-up by the timer may come in between. The two take turns.
    const auto patiently = [&](const auto& step) {
        while (true) {
            try {
                return step();
            } catch (const sql::Failure& failure) {
                if (failure.sqlstate() != kLockNotAvailable) throw;
                std::this_thread::sleep_for(kPause);
            }
        }
    };
    for (int i = 0; i < queues.size(); ++i) {
        const std::string queue{queues.text(i, 0)};
        for (sql::Parameter since = "0"; since; ++steps) {
            const sql::Rows next = patiently([&] {
                return in_roll_up(connection, queries::rebuild_step, {queue, since});
            });
            since = next.is_null(0, 0) ? std::nullopt : sql::Parameter{next.text(0, 0)};
        }
    }
    std::cout << "The sums of " << console::counted(queues.size(), "queue", "queues") << " were made anew.\n";
    const bool done = patiently([&] { return roll_up_until_done(connection, steps); });
    report(connection, done, steps);
}

}  // namespace admin::upkeep
