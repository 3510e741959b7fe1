#include "sql/grant.hpp"

#include <array>

#include "sql/grants.hpp"
#include "sql/queries.hpp"
#include "sql/sqlstate.hpp"
#include "sql/store.hpp"

namespace sql {

namespace {

/// In the order of Grant.
constexpr std::array kRights{grants::reader,  grants::writer, grants::phone_system,
                             grants::monitor, grants::router, grants::shard};

/// Who has a role of each kind.
constexpr std::array<std::string_view, kRights.size()> kUses{"responder", "loader", "phone system",
                                                             "monitor",   "router", "shard"};

constexpr const char* kNotPermitted = "42501";  // SQLSTATE

std::string rights(Grant kind, std::string_view quoted_role) {
    static constexpr std::string_view kPlaceholder = R"(:"role")";
    std::string text{kRights.at(static_cast<std::size_t>(kind)).text};
    for (std::size_t at = 0; (at = text.find(kPlaceholder, at)) != std::string::npos; at += quoted_role.size())
        text.replace(at, kPlaceholder.size(), quoted_role);
    return text;
}

Failure refusal(const char* code, const std::string& message) {
    return {kind_of(code), code, message, "grant: " + message};
}

/// Gives a reader's or router's role the settings of the responder's sessions. why: who needs them on the role.
void set_role(Connection& connection, const std::string& quoted_role, const std::string& quoted_database,
              std::chrono::milliseconds statement_timeout, const std::string& why, Deadline deadline,
              const std::function<void(std::string_view)>& report) {
    std::string settings;
    for (const auto& [name, value] : session_settings(statement_timeout, StoreOptions{}.lock_timeout))
        settings +=
            "alter role " + quoted_role + " in database " + quoted_database + " set " + name + " = " + value + ";\n";
    try {
        connection.script(settings, deadline);
    } catch (const Failure& failure) {
        if (failure.sqlstate() != kNotPermitted) throw;
        report(
            "the role's settings were not made, for that takes CREATEROLE, and from PostgreSQL 16 on ADMIN OPTION "
            "on the role; " +
            why);
    }
}

void bind(Connection& connection, const std::string& role, const PhoneSystem& to, Deadline deadline) {
    Parameter timezone;
    if (to.timezone) {
        const Rows zones = connection.query(queries::find_time_zone, {*to.timezone}, deadline);
        if (zones.size() == 0) {
            throw refusal("22023",
                          "the server knows no time zone of that name that is no abbreviation; name a city, "
                          "such as Europe/Berlin, or UTC (select name from pg_timezone_names)");
        }
        timezone = zones.text(0, 0);
    }
    const Parameter customer = to.customer ? Parameter{std::to_string(*to.customer)} : std::nullopt;
    try {
        connection.query(queries::bind_phone_system,
                         {role, to.source, customer, to.any_customer ? "true" : "false", timezone}, deadline);
    } catch (const Failure& failure) {
        if (failure.sqlstate() != "23503") throw;
        throw refusal("23503", "there is no customer " + *customer);
    }
}

/// Takes from PUBLIC what would let any role fill the disk: temporary tables and large objects. found: of role.sql.
void close_database(Connection& connection, const std::string& role, const Rows& found, Deadline deadline,
                    const std::function<void(std::string_view)>& report) {
    const std::string owner{found.text(0, 2)};
    const std::string no_temporary{found.text(0, 6)};
    const std::string no_objects{found.text(0, 7)};
    const auto still = [&](int column) { return connection.query(queries::role, {role}, deadline).boolean(0, column); };
    const auto run = [&](const std::string& text) {
        try {
            connection.script(text, deadline);
        } catch (const Failure& failure) {
            if (failure.sqlstate() != kNotPermitted) throw;
        }
    };
    if (found.boolean(0, 3)) {
        run(no_temporary);
        report(still(3) ? "the role may still make temporary tables; the database's owner can end that: " + no_temporary
                        : "nobody but " + owner +
                              " may make temporary tables in this database any more; who else needs them: grant "
                              "temporary on database " +
                              connection.quoted_identifier(std::string{found.text(0, 1)}) + " to ROLE");
    }
    if (found.boolean(0, 4)) {
        if (found.boolean(0, 5)) run(no_objects);
        report(still(4)
                   ? "the role may still make large objects; a superuser can end that in this database: " + no_objects
                   : "nobody but superusers may make large objects in this database any more");
    }
}

}  // namespace

void grant(Connection& connection, Grant kind, const std::string& role, Deadline deadline,
           const std::function<void(std::string_view)>& report, const PhoneSystem& phone_system) {
    const Rows found = connection.query(queries::role, {role}, deadline);
    // Refuses PUBLIC too, which GRANT takes for every role, even when it is quoted.
    if (found.size() == 0) throw refusal("42704", "role \"" + role + "\" does not exist");
    if (kind != Grant::kWriter && found.boolean(0, 0)) {
        throw refusal(kNotPermitted, "role \"" + role + "\" may do what the schema's owner may; create one for the " +
                                         std::string{kUses.at(static_cast<std::size_t>(kind))});
    }
    const std::string quoted_role = connection.quoted_identifier(role);
    Transaction transaction{connection, deadline};
    connection.script(rights(kind, quoted_role), deadline);
    if (kind == Grant::kPhoneSystem) bind(connection, role, phone_system, deadline);
    transaction.commit(deadline);
    if (kind == Grant::kPhoneSystem) {
        const Rows sharing = connection.query(queries::sharing_roles, {role}, deadline);
        if (!sharing.is_null(0, 0)) {
            report("its source is also that of " + std::string{sharing.text(0, 0)} +
                   ": where they are different phone systems, each ends calls of the other; give each its own by "
                   "--source");
        }
    }
    if (kind != Grant::kWriter) close_database(connection, role, found, deadline, report);
    const std::string quoted_database = connection.quoted_identifier(std::string{found.text(0, 1)});
    if (kind == Grant::kReader)
        set_role(connection, quoted_role, quoted_database, StoreOptions{}.statement_timeout,
                 "only a pooler in transaction mode needs them", deadline, report);
    if (kind == Grant::kRouter)
        set_role(connection, quoted_role, quoted_database, kShardTimeout,
                 "without them this shard may leave sessions of the router hanging", deadline, report);
}

std::string renewed_rights(Connection& connection, Deadline deadline) {
    std::string text;
    const Rows grantees = connection.query(queries::grantees, {}, deadline);
    for (int i = 0; i < grantees.size(); ++i)
        text += rights(static_cast<Grant>(grantees.integer(i, 1)), grantees.text(i, 0));
    return text;
}

}  // namespace sql
