#include <array>
#include <chrono>
#include <thread>

#include "sql/grant.hpp"
#include "sql/migrate.hpp"
#include "sql/queries.hpp"
#include "sql/store.hpp"

namespace sql {

namespace {

constexpr std::array kMigrations = std::to_array<Migration>({
#include "sql/migrations.inc"
});
static_assert(kMigrations.back().number == kNewestSchema);

constexpr int kOldestServer = 140000;
constexpr std::chrono::seconds kBetweenTurns{1};

// The role's own settings must not end a migration, nor lend it other tables than those it names. The advisory lock
// belongs to the transaction: a killed run leaves nothing behind, and poolers do not matter.
constexpr const char* kPrologue = R"sql(set local lock_timeout = '500ms';
set local statement_timeout = 0;
set local search_path = pg_catalog, pg_temp;
select pg_advisory_xact_lock(hashtextextended('queue_statistics.migrate', 0));
)sql";

/// Applies one migration, unless another run did while we waited for the lock.
bool apply(Connection& connection, const Migration& migration) {
    Transaction transaction{connection, kNoDeadline};
    connection.script(kPrologue, kNoDeadline);
    const bool is_next = current_version(connection, kNoDeadline) < migration.number;
    if (is_next) {
        connection.script(migration.text, kNoDeadline);
        if (&migration == &kMigrations.back()) connection.script(renewed_rights(connection, kNoDeadline), kNoDeadline);
    }
    transaction.commit(kNoDeadline);
    return is_next;
}

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

int current_version(Connection& connection, Deadline deadline) {
    if (!connection.query(queries::has_schema, {}, deadline).boolean(0, 0)) return 0;
    return static_cast<int>(
        connection.query(queries::current_version, {}, deadline).optional_integer(0, 0).value_or(0));
}

std::span<const Migration> pending_migrations(Connection& connection, Deadline deadline) {
    const auto refuse = [](const std::string& why) {
        throw core::StoreFailure{core::StoreFailure::Kind::kUnavailable, why};
    };
    connection.open(deadline);
    if (connection.server_version() < kOldestServer) refuse("the server is older than PostgreSQL 14; use a newer one");
    const Rows encoding = connection.query(queries::server_encoding, {}, deadline);
    if (encoding.text(0, 0) != "UTF8") {
        refuse("the database's encoding is " + std::string{encoding.text(0, 0)} +
               "; create one with encoding UTF8 (createdb --encoding=UTF8 --template=template0)");
    }
    const int version = current_version(connection, deadline);
    if (version > kNewestSchema) {
        refuse("the database has schema " + std::to_string(version) + ", newer than this program's " +
               std::to_string(kNewestSchema) + "; there is no way back: use the newer program");
    }
    std::span<const Migration> pending{kMigrations};
    while (!pending.empty() && pending.front().number <= version) pending = pending.subspan(1);
    return pending;
}

std::string pending_script(Connection& connection, Deadline deadline) {
    std::string script;
    for (const Migration& migration : pending_migrations(connection, deadline)) {
        script += std::string{"-- "} + migration.name + "\nbegin isolation level read committed;\n" + kPrologue +
                  migration.text;
        if (&migration == &kMigrations.back()) script += renewed_rights(connection, deadline);
        script += "commit;\n";
    }
    return script;
}

int migrate(Connection& connection, const std::function<void(std::string_view)>& report) {
    int applied = 0;
    for (const Migration& migration : pending_migrations(connection, kNoDeadline)) {
        report(migration.name);
        for (bool done = false; !done;) {
            try {
                applied += apply(connection, migration) ? 1 : 0;
                done = true;
            } catch (const Failure& failure) {
                if (failure.sqlstate() != "55P03") throw;
                report("another migration or a long transaction holds a lock; waiting");
                std::this_thread::sleep_for(kBetweenTurns);
            }
        }
    }
    return applied;
}

}  // namespace sql
