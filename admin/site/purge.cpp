#include "admin/site/purge.hpp"

#include <string>

#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/site/queries.hpp"
#include "admin/upkeep/sums.hpp"
#include "sql/node.hpp"

namespace admin::site {
namespace {

constexpr std::int64_t kBlocks = 256;  // per transaction: 2 MiB, or some 10,000 events

/// Deletes rows of a table, as `statement` knows them, from the table's beginning to its end.
std::int64_t purge_rows(sql::Connection& connection, const sql::Statement& statement, const std::string& customer) {
    std::int64_t deleted = 0;
    for (std::string last = "0";;) {
        const sql::Rows rows = connection.query(statement, {customer, last}, sql::kNoDeadline);
        if (rows.is_null(0, 0)) return deleted;
        deleted += rows.integer(0, 1);
        last = rows.text(0, 0);
    }
}

std::int64_t purge_events(sql::Connection& connection, const std::string& customer, console::Progress& progress) {
    const auto row_in = [](std::int64_t block) { return '(' + std::to_string(block) + ",0)"; };
    const std::int64_t blocks = event_blocks(connection);
    std::int64_t deleted = 0;
    for (std::int64_t block = 0; block < blocks; block += kBlocks) {
        deleted +=
            connection
                .query(queries::purge_events, {customer, row_in(block), row_in(block + kBlocks)}, sql::kNoDeadline)
                .affected();
        progress.step(console::counted(deleted, "event", "events") + " deleted");
    }
    return deleted;
}

/// Runs `statement` until it deletes nothing more.
std::int64_t purge_all(sql::Connection& connection, const sql::Statement& statement, const std::string& customer) {
    for (std::int64_t deleted = 0;;) {
        const std::int64_t step = connection.query(statement, {customer}, sql::kNoDeadline).affected();
        if (step == 0) return deleted;
        deleted += step;
    }
}

/// Deletes a queue with all that is of it; on a shard all but the queue itself, which is the router's.
void purge_queue(sql::Connection& connection, sql::NodeKind kind, const std::string& queue, Purged& purged,
                 console::Progress& progress) {
    if (kind == sql::NodeKind::kRouter) connection.query(queries::unplace_queue, {queue}, sql::kNoDeadline);
    while (true) {
        const sql::Rows calls = upkeep::in_turn(connection, queries::purge_calls, {queue});
        if (calls.integer(0, 0) == 0 && calls.integer(0, 1) == 0) break;
        purged.offers += calls.integer(0, 0);
        purged.callers += calls.integer(0, 1);
        progress.step(console::counted(purged.offers, "offer", "offers") + " and " +
                      console::counted(purged.callers, "caller", "callers") + " deleted");
    }
    const sql::Statement& rest = kind == sql::NodeKind::kShard ? queries::empty_queue : queries::purge_queue;
    while (upkeep::in_turn(connection, rest, {queue}).boolean(0, 0)) {
    }
    ++purged.queues;
}

/// Deletes what phone systems wrote, and what their names mean.
void purge_phone_systems(sql::Connection& connection, const std::string& customer, Purged& purged,
                         console::Progress& progress) {
    wait_for_folding(connection);
    progress.step("deleting rows of phone systems");
    // Before the events: where another customer's queue has the same name, the events tell whose a row is.
    purged.rows = purge_rows(connection, queries::purge_queue_log, customer) +
                  purge_rows(connection, queries::purge_freeswitch_events, customer) +
                  purge_rows(connection, queries::purge_event_problems, customer);
    purged.events =
        purge_events(connection, customer, progress) + purge_all(connection, queries::purge_waiting_events, customer);
    // After them: a mapping tells which names are the customer's.
    connection.query(queries::purge_mappings, {customer}, sql::kNoDeadline);
}

}  // namespace

Purged purge_customer(sql::Connection& connection, std::int64_t id, console::Progress& progress) {
    const std::string customer = std::to_string(id);
    const sql::NodeKind kind = sql::node_of(connection, sql::kNoDeadline).kind;
    Purged purged;
    connection.query(queries::begin_purge, {customer}, sql::kNoDeadline);
    if (kind != sql::NodeKind::kRouter) purge_phone_systems(connection, customer, purged, progress);
    const sql::Rows queues = connection.query(queries::list_purged_queues, {customer}, sql::kNoDeadline);
    for (int i = 0; i < queues.size(); ++i)
        purge_queue(connection, kind, std::string{queues.text(i, 0)}, purged, progress);
    if (kind == sql::NodeKind::kShard) return purged;
    purged.people = purge_all(connection, queries::purge_people, customer);
    purged.customers = connection.query(queries::purge_customers, {customer}, sql::kNoDeadline).affected();
    return purged;
}

}  // namespace admin::site
