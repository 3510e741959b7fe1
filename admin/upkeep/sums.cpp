#include "admin/upkeep/sums.hpp"

#include <chrono>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/upkeep/queries.hpp"
#include "sql/node.hpp"
#include "sql/sqlstate.hpp"

namespace admin::upkeep {
namespace {

// Begin a transaction. Its locks must come before its snapshot (roll_up_step() in sql/migrations says why).
constexpr const char* kBegin =
    "begin isolation level repeatable read;"
    "lock table queue_statistics.queue_destination_calls, queue_statistics.queue_calls in access share mode";
constexpr const char* kTakeTurn = "lock table queue_statistics.rollup_state in share update exclusive mode nowait";

constexpr std::chrono::seconds kLongestWait{10};
constexpr std::chrono::milliseconds kPause{50};

/// Another roll-up is at work. Not a sql::Failure, because the same SQLSTATE means something else elsewhere: the lock
/// timeout of a role, for instance.
struct NotOurTurn : console::Refusal {
    NotOurTurn() : console::Refusal{"another roll-up or prune is at work: try again"} {}
};

void take_turn(sql::Connection& connection) {
    try {
        connection.script(kTakeTurn, sql::kNoDeadline);
    } catch (const sql::Failure& failure) {
        if (failure.sqlstate() == kLockNotAvailable) throw NotOurTurn{};
        throw;
    }
}

/// Runs one step of the roll-up in a transaction of its own, with the locks that every step needs. Throws NotOurTurn
/// when another roll-up is at work.
sql::Rows in_roll_up(sql::Connection& connection, const sql::Statement& step,
                     const std::vector<sql::Parameter>& parameters) {
    try {
        connection.script(kBegin, sql::kNoDeadline);
        take_turn(connection);
        sql::Rows rows = connection.query(step, parameters, sql::kNoDeadline);
        connection.script("commit", sql::kNoDeadline);
        return rows;
    } catch (...) {
        connection.close();
        throw;
    }
}

/// The minute up to which to sum. newest: the newest call, when the target was cut to it; else empty.
struct Target {
    std::string minute;
    std::string newest;
};

Target find_target(sql::Connection& connection, bool force) {
    const sql::Rows rows = connection.query(queries::roll_up_target, {force ? "true" : "false"}, sql::kNoDeadline);
    return {std::string{rows.text(0, 0)}, rows.is_null(0, 1) ? "" : std::string{rows.text(0, 1)}};
}

void say_cut(const Target& target) {
    if (target.newest.empty()) return;
    std::cout
        << "Summing ends at the newest call, " << target.newest
        << " UTC, which is over 7 days old: is the clock ahead? If it is right: queue-statistics roll-up --force\n";
}

/// Runs steps until all is done, which returns true, or until only older transactions are waited for and kLongestWait
/// is over.
bool roll_up_until_done(sql::Connection& connection, const std::string& minute, std::int64_t& steps) {
    const auto patience = std::chrono::steady_clock::now() + kLongestWait;
    while (true) {
        const sql::Rows rows = in_roll_up(connection, queries::roll_up_step, {minute});
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

/// Runs step() again after each failure that only means that it is another session's turn.
auto patiently(const auto& step) {
    while (true) {
        try {
            return step();
        } catch (const NotOurTurn&) {
        } catch (const sql::Failure& failure) {
            if (sql::find_sqlstate(failure.sqlstate()).retry != sql::Retry::kSameSession) throw;
        }
        std::this_thread::sleep_for(kPause);
    }
}

/// Runs work() on a connection of its own; not to its end when another roll-up is at work, or when this role may not
/// roll up.
void if_possible(const auto& work) {
    sql::Connection connection = connect_migrated(Data::kCalls);
    try {
        work(connection);
    } catch (const NotOurTurn&) {
    } catch (const sql::Failure& failure) {
        if (failure.sqlstate() != kLockNotAvailable && failure.sqlstate() != kNotPermitted) throw;
    }
}

/// Brings in events of phone systems that could not be folded, or had no queue, as they came. After the sums, which
/// must not wait for it, and by a connection of its own, since another roll-up may have cost the first one. Does
/// nothing for a role that may not do this.
void bring_in_events() {
    sql::Connection connection = connect_migrated(Data::kCalls);
    follow_names(connection);
    try {
        while (connection.query(queries::fold_kept, {}, sql::kNoDeadline).integer(0, 0) > 0) continue;
    } catch (const sql::Failure& failure) {
        if (failure.sqlstate() != kNotPermitted && failure.sqlstate() != kLockNotAvailable) throw;
    }
}

}  // namespace

sql::Rows in_turn(sql::Connection& connection, const sql::Statement& step,
                  const std::vector<sql::Parameter>& parameters) {
    return patiently([&] { return in_roll_up(connection, step, parameters); });
}

void roll_up(bool force) {
    sql::Connection connection = connect_migrated(Data::kAny);
    if (sql::node_of(connection, sql::kNoDeadline).kind == sql::NodeKind::kRouter) {
        // No failure: the package's timer runs on a router too.
        std::cout << "This is a router: its shards roll up their calls.\n";
        return;
    }
    std::int64_t steps = 0;
    const Target target = find_target(connection, force);
    say_cut(target);
    try {
        const bool done = roll_up_until_done(connection, target.minute, steps);
        report(connection, done, steps);
    } catch (const NotOurTurn&) {
        std::cout << "Another roll-up or prune is at work; the next roll-up goes on from there.\n";
    }
    bring_in_events();
}

void sum_up(sql::Connection& connection) {
    std::int64_t steps = 0;
    const Target target = find_target(connection, false);
    const bool done = patiently([&] { return roll_up_until_done(connection, target.minute, steps); });
    report(connection, done, steps);
}

void begin_sums() {
    if_possible([](sql::Connection& connection) { in_roll_up(connection, queries::roll_up_step, {"0"}); });
}

void roll_up_imported() {
    if_possible([](sql::Connection& connection) {
        std::int64_t steps = 0;
        const bool done = roll_up_until_done(connection, find_target(connection, false).minute, steps);
        report(connection, done, steps);
    });
    bring_in_events();
}

void rebuild_sums(bool force) {
    sql::Connection connection = connect_migrated(Data::kCalls);
    const sql::Rows queues = connection.query(queries::list_queue_ids, {std::nullopt}, sql::kNoDeadline);
    std::int64_t steps = 0;
    bool lowered = false;
    while (!lowered) {
        const std::string now = find_target(connection, true).minute;
        lowered = in_turn(connection, queries::lower_seal, {now}).text(0, 0) == "done";
        ++steps;
    }
    for (int i = 0; i < queues.size(); ++i) {
        const std::string queue{queues.text(i, 0)};
        for (sql::Parameter since = "0"; since; ++steps) {
            const sql::Rows next = in_turn(connection, queries::rebuild_step, {queue, since});
            since = next.is_null(0, 0) ? std::nullopt : sql::Parameter{next.text(0, 0)};
        }
    }
    std::cout << "The sums of " << console::counted(queues.size(), "queue", "queues") << " were made anew.\n";
    const Target target = find_target(connection, force);
    say_cut(target);
    const bool done = patiently([&] { return roll_up_until_done(connection, target.minute, steps); });
    report(connection, done, steps);
}

}  // namespace admin::upkeep
