#include "admin/status.hpp"

#include <iostream>

#include "admin/database.hpp"
#include "sql/migrate.hpp"

namespace admin {

void status() {
    sql::Connection connection = connect_migrated();
    std::cout << "schema " << sql::current_version(connection, sql::kNoDeadline) << '\n';
}

}  // namespace admin
