#include "sql/grant.hpp"

#include <array>

#include "sql/grants.hpp"
#include "sql/queries.hpp"
#include "sql/sqlstate.hpp"
#include "sql/store.hpp"

namespace sql {

namespace {

/// In the order of Grant.
constexpr std::array kRights{grants::reader, grants::writer, grants::phone_system};

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

}  // namespace

void grant(Connection& connection, Grant kind, const std::string& role, Deadline deadline,
           const std::function<void(std::string_view)>& report) {
    const Rows found = connection.query(queries::role, {role}, deadline);
    // Refuses PUBLIC too, which GRANT takes for every role, even when it is quoted.
    if (found.size() == 0) throw refusal("42704", "role \"" + role + "\" does not exist");
    if (kind == Grant::kReader && found.boolean(0, 0)) {
        throw refusal("42501",
                      "role \"" + role + "\" may do what the schema's owner may; create one for the responder");
    }
    const std::string quoted_role = connection.quoted_identifier(role);
    connection.script(rights(kind, quoted_role), deadline);
    if (kind != Grant::kReader) return;

    const StoreOptions defaults;
    const std::string alter =
        "alter role " + quoted_role + " in database " + connection.quoted_identifier(found.text(0, 1)) + " set ";
    std::string settings;
    for (const auto& [name, value] : session_settings(defaults.statement_timeout, defaults.lock_timeout))
        settings += alter + name + " = " + value + ";\n";
    try {
        connection.script(settings, deadline);
    } catch (const Failure& failure) {
        if (failure.sqlstate() != "42501") throw;
        report(
            "the role's settings were not made, for that takes CREATEROLE; only a pooler in transaction mode "
            "needs them");
    }
}

std::string renewed_rights(Connection& connection, Deadline deadline) {
    std::string text;
    const Rows grantees = connection.query(queries::grantees, {}, deadline);
    for (int i = 0; i < grantees.size(); ++i)
        text += rights(static_cast<Grant>(grantees.integer(i, 1)), grantees.text(i, 0));
    return text;
}

}  // namespace sql
