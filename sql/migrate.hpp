#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "sql/connection.hpp"

/// Brings a database to this program's schema. Goes forward only: the way back is a backup.
///
/// Each migration is one transaction. So a database always has one whole schema, a lock is held no longer than the
/// migration that needs it, and after a failure a second run goes on where the first one stopped. A failed migration
/// does not undo earlier ones, and need not: works_with tells which programs work with the schema that is there.
namespace sql {

/// One file of a migration.
struct MigrationFile {
    const char* name;  ///< the path below sql/migrations, such as "0001/02_people.sql"
    const char* text;
};

/// A folder of sql/migrations. Its files run in the order of their names. One of them inserts the row of the migration
/// into schema_version.
struct Migration {
    int number;
    const char* name;  ///< the folder's name, such as "0001"
    std::span<const MigrationFile> files;
};

/// In the order of their numbers, which begin at 1 and have no gaps.
using Migrations = std::span<const Migration>;

/// The migrations of this program, up to number kNewestSchema. Tests give the functions below another list.
Migrations migrations();

/// The number of the newest migration that was applied; 0 when no migration was. Throws Failure.
int current_version(Connection& connection, Deadline deadline);

/// The migrations that migrate() would apply. Throws StoreFailure when the server is older than PostgreSQL 15, when the
/// database's encoding is not UTF-8, and when its schema is newer than this program; detail() says what is wrong and
/// what to do.
Migrations pending_migrations(Connection& connection, Deadline deadline, Migrations all = migrations());

/// The statements that migrate() would run, as a script for psql; empty when no migration is pending. Throws as
/// pending_migrations() does.
std::string pending_script(Connection& connection, Deadline deadline, Migrations all = migrations());

/// Applies the pending migrations. The last one's transaction also renews the rights of every role that was granted
/// some (renewed_rights()), and makes a router or shard one again (sql/node.hpp), whose functions a migration may have
/// replaced. Waits without an end for another run of migrate(), and for transactions that hold locks on
/// tables to be altered. Each wait for a lock lasts half a second at most, and a pause of a second follows: a session
/// that queues for the same lock behind this one waits half a second for it, less than the responder's lock_timeout of
/// a second. report is called with a line before each migration and after each wait that failed. Returns how many
/// migrations this run applied. Throws as pending_migrations() does, and Failure.
int migrate(Connection& connection, const std::function<void(std::string_view)>& report, Migrations all = migrations());

}  // namespace sql
