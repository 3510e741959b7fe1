#include "sql/grant.hpp"

#include <iostream>
#include <string>
#include <string_view>

#include "admin/command.hpp"
#include "admin/console/refusal.hpp"
#include "admin/database.hpp"
#include "admin/name.hpp"
#include "admin/upkeep/commands.hpp"
#include "admin/upkeep/queries.hpp"

namespace admin::upkeep {
namespace {

constexpr std::string_view kUndefinedObject = "42704";  // SQLSTATE; here it means that there is no such role

/// Gives an existing database role its rights. A second time changes nothing.
void grant(sql::Grant kind, std::string_view kind_name, const std::string& role) {
    check_name("the role", role);
    sql::Connection connection = connect_migrated();
    try {
        sql::grant(connection, kind, role, sql::kNoDeadline,
                   [](std::string_view line) { std::cerr << "queue-statistics: " << line << '\n'; });
    } catch (const sql::Failure& failure) {
        if (failure.detail().starts_with("grant: ") && failure.sqlstate() != kUndefinedObject)
            throw console::Refusal{failure.message()};  // sql::grant() refused, and its message says what to do
        if (failure.sqlstate() != kUndefinedObject) throw;
        const sql::Rows roles = connection.query(queries::list_database_roles, {}, sql::kNoDeadline);
        std::string names;
        for (int i = 0; i < roles.size(); ++i) names.append(i > 0 ? ", " : "").append(roles.text(i, 0));
        throw console::Refusal{"there is no database role " + in_quotes(role) +
                               "\nThe roles that may log in are: " + names + "\nCreate one with: createuser ROLE"};
    }
    std::cout << "The role " << role << " has the rights of a " << kind_name << ".\n";
}

/// The role of the responder: it can do what the API's functions need, but cannot write and cannot list people.
void grant_reader(const std::string& role) { grant(sql::Grant::kReader, "reader", role); }

/// The role of a site's own loader: select, insert, update and delete on calls; select, insert and update on queues and
/// destinations.
void grant_writer(const std::string& role) { grant(sql::Grant::kWriter, "writer", role); }

/// The role of a phone system: insert into queue_log and freeswitch_events. It cannot even read them.
void grant_phone_system(const std::string& role) { grant(sql::Grant::kPhoneSystem, "phone system", role); }

}  // namespace

void add_grant(Group& all) {
    Group grants = all.group("grant", "Give a database role the rights it needs, and no more");
    const auto which = [](Arguments& takes, std::string& role) {
        takes.text("ROLE", role, "An existing database role");
    };
    grants.command<std::string>("reader", "The responder: may ask for statistics, and cannot write or list people",
                                grant_reader, which);
    grants.command<std::string>("writer", "A site's own loader: may write offers, callers, queues and destinations",
                                grant_writer, which);
    grants.command<std::string>("phone-system", "Asterisk or FreeSWITCH: may insert events, and nothing else",
                                grant_phone_system, which);
}

}  // namespace admin::upkeep
