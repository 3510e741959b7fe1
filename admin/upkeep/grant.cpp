#include "sql/grant.hpp"

#include <cstdint>
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
void grant(sql::Grant kind, std::string_view kind_name, const std::string& role, Data data,
           const sql::PhoneSystem& bound = {}) {
    check_name("the role", role);
    sql::Connection connection = connect_migrated(data);
    try {
        sql::grant(
            connection, kind, role, sql::kNoDeadline,
            [](std::string_view line) { std::cerr << "queue-statistics: " << line << '\n'; }, bound);
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
    if (kind != sql::Grant::kPhoneSystem) return;
    print_rows(connection.query(queries::list_phone_system_roles, {role}, sql::kNoDeadline));
}

/// The role of the responder: it can do what the API's functions need, but cannot write and cannot list people.
void grant_reader(const std::string& role) { grant(sql::Grant::kReader, "reader", role, Data::kSite); }

/// The role of a site's own loader: select, insert, update and delete on calls; select, insert and update on queues and
/// destinations.
void grant_writer(const std::string& role) { grant(sql::Grant::kWriter, "writer", role, Data::kCalls); }

/// The role of a monitor: it can run `status`, and sees no hash, no name of a person and no event.
void grant_monitor(const std::string& role) { grant(sql::Grant::kMonitor, "monitor", role, Data::kAny); }

/// The role that a router logs in as on this shard: it asks questions about any queue, and reads no table.
void grant_router(const std::string& role) { grant(sql::Grant::kRouter, "router", role, Data::kCalls); }

/// The role that a shard logs in as on this router: it reads customers, queues and the directory.
void grant_shard(const std::string& role) { grant(sql::Grant::kShard, "shard", role, Data::kSite); }

struct PhoneSystemOptions {
    std::string role;
    sql::PhoneSystem bound;
};

/// Reads the value of --customer. Returns what is wrong with it, or an empty text.
std::string read_customer(const std::string& text, sql::PhoneSystem& bound) {
    bound.any_customer = text == "any";
    if (bound.any_customer) return "";
    const std::int64_t id = read_number(text);
    if (id < 1) return "a customer is an id, a whole number from 1, or any, not " + in_quotes(text);
    bound.customer = id;
    return "";
}

/// The role of a phone system: insert into queue_log and freeswitch_events. It cannot even read them.
void grant_phone_system(const PhoneSystemOptions& options) {
    if (options.bound.source) check_name("the source", *options.bound.source);
    grant(sql::Grant::kPhoneSystem, "phone system", options.role, Data::kCalls, options.bound);
}

}  // namespace

void add_grant(Group& all) {
    Group grants = all.group("grant", "Give a database role the rights it needs, and no more");
    constexpr const char* kRole = "An existing database role";
    const auto which = [](Arguments& takes, std::string& role) { takes.text("ROLE", role, kRole); };
    grants.command<std::string>("reader", "The responder: may ask for statistics, and cannot write or list people",
                                grant_reader, which);
    grants.command<std::string>("writer", "A site's own loader: may write offers, callers, queues and destinations",
                                grant_writer, which);
    grants.command<std::string>(
        "monitor", "A monitoring system: may run status, and reads no hash, no name of a person and no event",
        grant_monitor, which);
    grants.command<std::string>(
        "router", "On a shard, a router: may ask for statistics of any queue, and reads no table", grant_router, which);
    grants.command<std::string>("shard", "On a router, a shard: may copy customers, queues and which shard has which",
                                grant_shard, which);
    grants.command<PhoneSystemOptions>(
        "phone-system",
        "Asterisk or FreeSWITCH: may insert events, and nothing else. What an option said stays until it says "
        "something "
        "else",
        grant_phone_system, [](Arguments& takes, PhoneSystemOptions& options) {
            takes.text("ROLE", options.role, kRole)
                .text("--source", options.bound.source,
                      "Its events are of this phone system; default: asterisk in queue_log, freeswitch in "
                      "freeswitch_events",
                      "NAME")
                .value(
                    "--customer",
                    [&bound = options.bound](const std::string& text) { return read_customer(text, bound); },
                    "Its events are of queues of this customer and of those below it alone; any, the default: of all "
                    "queues",
                    "ID|any")
                .text("--timezone", options.bound.timezone,
                      "The zone in which it writes times, such as Europe/Berlin or UTC; default: that of its sessions",
                      "ZONE");
        });
}

}  // namespace admin::upkeep
