#include "sql/migrate.hpp"

#include <iostream>
#include <string>

#include "admin/command.hpp"
#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/upkeep/commands.hpp"

namespace admin::upkeep {
namespace {

/// Brings the schema to the newest migration that this program has. Each migration is a transaction of its own; a
/// second run of this command waits for the first. dry_run: only prints the SQL that would be run.
void migrate(bool dry_run) {
    sql::Connection connection = connect();
    if (dry_run) {
        const std::string script = sql::pending_script(connection, sql::kNoDeadline);
        std::cout << (script.empty() ? "-- The database is up to date.\n" : script);
        return;
    }
    const int applied = sql::migrate(connection, [](std::string_view line) { std::cout << line << std::endl; });
    const std::string version = std::to_string(sql::current_version(connection, sql::kNoDeadline));
    if (applied == 0)
        std::cout << "The database is up to date, at schema " << version << ".\n";
    else
        std::cout << "The database is at schema " << version << " now, by "
                  << console::counted(applied, "migration", "migrations") << ".\n";
}

}  // namespace

void add_migrate(Group& all) {
    all.command<bool>("migrate", "Create the schema queue_statistics in the database, or bring it up to date", migrate,
                      [](Arguments& takes, bool& dry_run) {
                          takes.flag("--dry-run", dry_run, "Print the SQL that would be run, and change nothing");
                      });
}

}  // namespace admin::upkeep
