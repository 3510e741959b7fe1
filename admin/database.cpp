#include "admin/database.hpp"

#include <cstdlib>
#include <string>

#include "admin/console/refusal.hpp"
#include "admin/queries.hpp"
#include "sql/migrate.hpp"
#include "sql/store.hpp"

namespace admin {
sql::Connection connect(sql::Deadline deadline) {
    const char* conninfo = std::getenv("QUEUE_STATISTICS_DATABASE");
    sql::ConnectionOptions options;
    if (conninfo) options.conninfo = conninfo;
    options.application_name = "queue-statistics";
    // A role's own settings must not change what a command reads, prints or waits for.
    options.after_connect = {"set search_path = pg_catalog, pg_temp", "set datestyle = iso", "set timezone = utc",
                             "set statement_timeout = 0", "set idle_in_transaction_session_timeout = 0"};
    sql::Connection connection{std::move(options)};
    connection.open(deadline);
    return connection;
}

sql::Connection connect_migrated(sql::Deadline deadline) {
    sql::Connection connection = connect(deadline);
    const sql::Rows rows = connection.query(queries::schema_fit, {}, deadline);
    const std::int64_t version = rows.size() ? rows.integer(0, 0) : 0;
    if (version < sql::kOldestSchema)
        throw Refusal{"the database has schema " + std::to_string(version) + ", this program needs at least " +
                      std::to_string(sql::kOldestSchema) + "\nRun: queue-statistics migrate"};
    if (rows.integer(0, 1) > sql::kNewestSchema)
        throw Refusal{"the database has schema " + std::to_string(version) + ", which needs a newer program: " +
                      "this one knows schemas up to " + std::to_string(sql::kNewestSchema) +
                      "\nInstall the release that migrated the database, or a later one."};
    return connection;
}

bool has_events(sql::Connection& connection) {
    constexpr int kFirst = 3;
    return sql::current_version(connection, sql::kNoDeadline) >= kFirst;
}

void advance_sequence(sql::Connection& connection, const char* table, std::int64_t at_least) {
    const auto lagging = [&] {
        return connection.query(queries::find_lagging_sequence, {table, std::to_string(at_least)}, sql::kNoDeadline);
    };
    if (lagging().size() == 0) return;
    // Looked at again under a lock that keeps inserts out: setval() never goes back behind what others have drawn.
    connection.script("lock table queue_statistics." + std::string{table} + " in share row exclusive mode",
                      sql::kNoDeadline);
    const sql::Rows rows = lagging();
    if (rows.size() == 0) return;
    connection.query(queries::move_sequence, {std::string{rows.text(0, 0)}, std::string{rows.text(0, 1)}},
                     sql::kNoDeadline);
}

}  // namespace admin
