#include "admin/upkeep/grant.hpp"

#include <iostream>

#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/queries.hpp"
#include "sql/grants.hpp"

namespace admin {
namespace {

constexpr std::string_view kUndefinedObject = "42704";  // SQLSTATE: here, no such role

void grant(sql::Grant kind, std::string_view kind_name, const std::string& role) {
    check_name("the role", role);
    sql::Connection connection = connect_migrated();
    try {
        sql::grant(connection, kind, role, sql::kNoDeadline,
                   [](std::string_view line) { std::cerr << "queue-statistics: " << line << '\n'; });
    } catch (const sql::Failure& failure) {
        if (failure.detail().starts_with("grant: ") && failure.sqlstate() != kUndefinedObject)
            throw Refusal{failure.message()};  // sql::grant's own refusal, which says what to do
        if (failure.sqlstate() != kUndefinedObject) throw;
        const sql::Rows roles = connection.query(queries::list_database_roles, {}, sql::kNoDeadline);
        std::string names;
        for (int i = 0; i < roles.size(); ++i) names.append(i > 0 ? ", " : "").append(roles.text(i, 0));
        throw Refusal{"there is no database role " + quoted(role) + "\nThe roles that may log in are: " + names +
                      "\nCreate one with: createuser ROLE"};
    }
    std::cout << "The role " << role << " has the rights of a " << kind_name << ".\n";
}

}  // namespace

void grant_reader(const std::string& role) { grant(sql::Grant::kReader, "reader", role); }

void grant_writer(const std::string& role) { grant(sql::Grant::kWriter, "writer", role); }

void grant_phone_system(const std::string& role) { grant(sql::Grant::kPhoneSystem, "phone system", role); }

}  // namespace admin
