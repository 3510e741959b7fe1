#include "sql/migrate.hpp"

#include <chrono>
#include <iterator>
#include <thread>

#include "sql/grant.hpp"
#include "sql/node.hpp"
#include "sql/queries.hpp"
#include "sql/store.hpp"

namespace sql {

namespace {

#include "sql/migrations.inc"
static_assert(std::size(kMigrations) == kNewestSchema);

constexpr int kOldestServer = 150000;
constexpr std::chrono::seconds kBetweenTurns{1};

// The role's own settings must not end a migration, nor make its names mean other tables (search_path). One run at a
// time: by a lock on a table of the owner's, which no other role can take, unlike an advisory lock. The first migration
// of all needs none, because `create schema` waits for another one.
constexpr const char* kPrologue = R"sql(set local lock_timeout = '500ms';
set local statement_timeout = 0;
set local search_path = pg_catalog, pg_temp;
do $$ begin
  if to_regclass('queue_statistics.schema_version') is not null then
    lock table queue_statistics.schema_version in share row exclusive mode;
  end if;
end $$;
)sql";

/// Applies one migration, unless another run applied it while this one waited for the lock. Returns whether it did.
bool apply(Connection& connection, const Migration& migration, bool is_last) {
    Transaction transaction{connection, kNoDeadline};
    connection.script(kPrologue, kNoDeadline);
    const bool is_next = current_version(connection, kNoDeadline) < migration.number;
    if (is_next) {
        for (const MigrationFile& file : migration.files) connection.script(file.text, kNoDeadline);
        if (is_last) {
            connection.script(node_script(node_of(connection, kNoDeadline).kind), kNoDeadline);
            connection.script(renewed_rights(connection, kNoDeadline), kNoDeadline);
        }
    }
    transaction.commit(kNoDeadline);
    return is_next;
}

}  // namespace

Migrations migrations() { return kMigrations; }

int current_version(Connection& connection, Deadline deadline) {
    if (!connection.query(queries::has_schema, {}, deadline).boolean(0, 0)) return 0;
    return static_cast<int>(
        connection.query(queries::current_version, {}, deadline).optional_integer(0, 0).value_or(0));
}

Migrations pending_migrations(Connection& connection, Deadline deadline, Migrations all) {
    const auto refuse = [](const std::string& why) {
        throw core::StoreFailure{core::StoreFailure::Kind::kUnavailable, why};
    };
    connection.open(deadline);
    if (connection.server_version() < kOldestServer) refuse("the server is older than PostgreSQL 15; use a newer one");
    const Rows encoding = connection.query(queries::server_encoding, {}, deadline);
    if (encoding.text(0, 0) != "UTF8") {
        refuse("the database's encoding is " + std::string{encoding.text(0, 0)} +
               "; create one with encoding UTF8 (createdb --encoding=UTF8 --template=template0)");
    }
    const int version = current_version(connection, deadline);
    const int newest = all.back().number;
    if (version > newest) {
        refuse("the database has schema " + std::to_string(version) + ", newer than this program's " +
               std::to_string(newest) + "; there is no way back: use the newer program");
    }
    return all.subspan(static_cast<std::size_t>(version));
}

std::string pending_script(Connection& connection, Deadline deadline, Migrations all) {
    std::string script;
    for (const Migration& migration : pending_migrations(connection, deadline, all)) {
        script +=
            std::string{"-- migration "} + migration.name + "\nbegin isolation level read committed;\n" + kPrologue;
        for (const MigrationFile& file : migration.files) script += std::string{"-- "} + file.name + '\n' + file.text;
        if (&migration == &all.back()) {
            if (current_version(connection, deadline) > 0) script += node_script(node_of(connection, deadline).kind);
            script += renewed_rights(connection, deadline);
        }
        script += "commit;\n";
    }
    return script;
}

int migrate(Connection& connection, const std::function<void(std::string_view)>& report, Migrations all) {
    int applied = 0;
    for (const Migration& migration : pending_migrations(connection, kNoDeadline, all)) {
        report(std::string{"migration "} + migration.name);
        for (bool done = false; !done;) {
            try {
                applied += apply(connection, migration, &migration == &all.back()) ? 1 : 0;
                done = true;
            } catch (const Failure& failure) {
                if (failure.lost()) throw;
                if (current_version(connection, kNoDeadline) >= migration.number) break;  // another run was faster
                if (failure.sqlstate() != "55P03") throw;
                report("another migration or a long transaction holds a lock; waiting");
                std::this_thread::sleep_for(kBetweenTurns);
            }
        }
    }
    return applied;
}

}  // namespace sql
