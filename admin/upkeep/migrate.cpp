#include "admin/upkeep/migrate.hpp"

#include <iostream>

#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "sql/migrate.hpp"

namespace admin {

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
                  << counted(applied, "migration", "migrations") << ".\n";
}

}  // namespace admin
