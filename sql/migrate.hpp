#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "sql/connection.hpp"

/// Brings a database to this program's schema. Forward only: there is no way back but a backup.
///
/// Each migration is a transaction of its own: a database is always at one whole schema, a lock is held no longer than
/// the migration that needs it, and after a failure a second run goes on where the first one stopped. What a later
/// migration fails at never undoes an earlier one, and need not: works_with tells which programs serve what is there.
namespace sql {

struct MigrationFile {
    const char* name;  ///< below sql/migrations, e.g. "0001/02_people.sql"
    const char* text;
};

/// A folder of sql/migrations, whose files run in order. One of them inserts the migration's row into schema_version.
struct Migration {
    int number;
    const char* name;  ///< of the folder, e.g. "0001"
    std::span<const MigrationFile> files;
};

/// By number, which begins at 1 and has no gaps.
using Migrations = std::span<const Migration>;

/// All that this program has; the last one's number is kNewestSchema. The functions below take another list in tests.
Migrations migrations();

/// The database's schema; 0 when there is none. Throws Failure.
int current_version(Connection& connection, Deadline deadline);

/// What `migrate` would apply. Throws StoreFailure, whose detail() says what is wrong and what to do, when the server
/// is older than PostgreSQL 15, the database is not in UTF-8, or its schema is newer than this program.
Migrations pending_migrations(Connection& connection, Deadline deadline, Migrations all = migrations());

/// The statements that `migrate` would run, as a script for psql; empty when there is nothing to do.
std::string pending_script(Connection& connection, Deadline deadline, Migrations all = migrations());

/// Applies what is pending, and then gives everyone who was granted rights (sql/grant.hpp) those on what is new.
/// Another run of this, or a transaction that holds a lock on a table to be altered, is waited for without an end, but
/// in turns of half a second: whoever stands behind us at a lock waits no longer than that, less than lock_timeout.
/// report: called with a line before each migration and each wait. Returns how many were applied by this run.
int migrate(Connection& connection, const std::function<void(std::string_view)>& report, Migrations all = migrations());

}  // namespace sql
