#include "admin/database.hpp"

#include <cstdlib>
#include <iostream>
#include <string>

#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/queries.hpp"
#include "sql/node.hpp"
#include "sql/store.hpp"

namespace admin {

sql::Connection connect(sql::Deadline deadline) {
    const char* conninfo = std::getenv("QUEUE_STATISTICS_DATABASE");
    return connect_to(conninfo ? conninfo : "", deadline);
}

sql::Connection connect_to(const std::string& conninfo, sql::Deadline deadline) {
    sql::ConnectionOptions options;
    options.conninfo = conninfo;
    options.application_name = "queue-statistics";
    // A role may have settings of its own, which would change what a command reads and prints, or end the command.
    options.after_connect = {"set search_path = pg_catalog, pg_temp",
                             "set datestyle = iso",
                             "set timezone = utc",
                             "set statement_timeout = 0",
                             "set idle_in_transaction_session_timeout = 0",
                             "set default_transaction_isolation = 'read committed'"};
    sql::Connection connection{std::move(options)};
    connection.open(deadline);
    return connection;
}

sql::Connection connect_migrated(Data data, sql::Deadline deadline) {
    sql::Connection connection = connect(deadline);
    const sql::Rows rows = connection.query(queries::schema_fit, {}, deadline);
    const std::int64_t version = rows.size() ? rows.integer(0, 0) : 0;
    if (version < sql::kOldestSchema)
        throw console::Refusal{"the database has schema " + std::to_string(version) + ", this program needs at least " +
                               std::to_string(sql::kOldestSchema) + "\nRun: queue-statistics migrate"};
    if (rows.integer(0, 1) > sql::kNewestSchema)
        throw console::Refusal{"the database has schema " + std::to_string(version) +
                               ", which needs a newer program: " + "this one knows schemas up to " +
                               std::to_string(sql::kNewestSchema) +
                               "\nInstall the release that migrated the database, or a later one."};
    if (data == Data::kAny) return connection;
    const sql::Node node = sql::node_of(connection, deadline);
    if (node.kind == sql::NodeKind::kShard && data == Data::kSite)
        throw console::Refusal{"this is shard " + std::to_string(node.shard) +
                               ": customers, queues, people and tokens are the router's\nRun this on the router."};
    if (node.kind == sql::NodeKind::kRouter && data == Data::kCalls)
        throw console::Refusal{
            "this is a router: destinations, calls and events are on the shards\nRun this on the shard of the queue, "
            "customer or phone system (queue-statistics queue list)."};
    return connection;
}

void advance_sequence(sql::Connection& connection, const char* table, std::int64_t at_least) {
    const auto lagging = [&] {
        return connection.query(queries::find_lagging_sequence, {table, std::to_string(at_least)}, sql::kNoDeadline);
    };
    if (lagging().size() == 0) return;
    // Another insert may draw ids meanwhile: under a lock that keeps inserts out we look again, so that setval() never
    // goes back behind an id that was drawn.
    connection.script("lock table queue_statistics." + std::string{table} + " in share row exclusive mode",
                      sql::kNoDeadline);
    const sql::Rows rows = lagging();
    if (rows.size() == 0) return;
    connection.query(queries::move_sequence, {std::string{rows.text(0, 0)}, std::string{rows.text(0, 1)}},
                     sql::kNoDeadline);
}

bool follow_names(sql::Connection& connection) {
    try {
        while (true) {
            const sql::Rows rows = connection.query(queries::resolve_step, {}, sql::kNoDeadline);
            if (rows.text(0, 0) != "more") return rows.text(0, 0) == "done";
        }
    } catch (const sql::Failure& failure) {
        if (failure.sqlstate() != kNotPermitted) throw;
        return true;
    }
}

void wait_for_folding(sql::Connection& connection) {
    const sql::Rows systems = connection.query(queries::list_phone_systems, {}, sql::kNoDeadline);
    for (int i = 0; i < systems.size(); ++i)
        connection.query(queries::lock_phone_system, {std::string{systems.text(i, 0)}}, sql::kNoDeadline);
}

std::int64_t event_blocks(sql::Connection& connection) {
    return connection.query(queries::count_event_blocks, {}, sql::kNoDeadline).integer(0, 0);
}

void print_rows(const sql::Rows& rows) {
    std::string line;
    for (int row = 0; row < rows.size(); ++row) {
        line.clear();
        for (int column = 0; column < rows.columns(); ++column) {
            if (column > 0) line += '\t';
            console::append_escaped(line, rows.text(row, column));
        }
        std::cout << line << '\n';
    }
}

void print_table(std::string_view header, const sql::Rows& rows) {
    std::cout << header << '\n';
    print_rows(rows);
}

std::string explain(const sql::Failure& failure) {
    const std::string_view state = failure.sqlstate();
    const std::string& message = failure.message();
    const auto with = [&](std::string_view remedy) { return message + "\n" + std::string{remedy}; };
    if (failure.lost())
        return with(
            "See that the database runs, and what PGHOST, PGPORT, PGDATABASE and PGUSER (or PGSERVICE, or "
            "QUEUE_STATISTICS_DATABASE) say.");
    if (state == "3F000" || state == "42P01" || state == "42883")
        return "the database is not migrated (" + message + ")\nRun: queue-statistics migrate";
    if (state == "42501")
        return with(
            "Run this as the role that owns the schema queue_statistics (PGUSER), which is the one that ran "
            "`queue-statistics migrate`.");
    if (state == "25006")  // of ours, with a hint: it is written on another node
        return with(!failure.hint().empty()
                        ? failure.hint()
                        : "This is a standby, or the role may only read: name the primary, or another role.");
    if (state == "55P03" || state == "57014" || state == "40P01" || state == "40001")
        return with("Something else uses the same rows: try again.");
    if (state.starts_with("53") || state.starts_with("57P")) return with("Try again when the server has recovered.");
    return message + " (SQLSTATE " + failure.sqlstate() + ")";
}

}  // namespace admin
