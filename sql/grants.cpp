#include "sql/grants.hpp"

#include <array>

#include "sql/sqlstate.hpp"
#include "sql/store.hpp"

namespace sql {

namespace {

// Columns by name: no statement of the responder needs a queue's name or a call's uniqueid.
constexpr std::string_view kReaderRights = R"sql(grant usage on schema queue_statistics to :"role";
grant execute on function queue_statistics.credentials(text), queue_statistics.may_see_queue(bigint, bigint)
  to :"role";
grant select (version, works_with) on queue_statistics.schema_version to :"role";
grant select (id, deleted) on queue_statistics.queues to :"role";
grant select (id, queue, dtype, dnumber, removed) on queue_statistics.queue_destinations to :"role";
grant select (queue, destination, start, ringtime, holdtime, talktime, outcome, in_progress)
  on queue_statistics.queue_destination_calls to :"role";
grant select on queue_statistics.rollup_marks, queue_statistics.rollup_dirty, queue_statistics.rollup_sums to :"role";
grant execute on function queue_statistics.call_statistics(bigint, bigint, bigint, bigint),
  queue_statistics.total(bigint) to :"role";
)sql";

constexpr std::string_view kWriterRights = R"sql(grant usage on schema queue_statistics to :"role";
grant select, insert, update, delete on queue_statistics.queue_destination_calls to :"role";
grant select, insert, update on queue_statistics.queues, queue_statistics.queue_destinations to :"role";
)sql";

// The tables' triggers do the rest, with their owner's rights.
constexpr std::string_view kPhoneSystemRights = R"sql(grant usage on schema queue_statistics to :"role";
grant insert on queue_statistics.queue_log, queue_statistics.freeswitch_events to :"role";
)sql";

/// By the order of Grant.
constexpr std::array kRights{kReaderRights, kWriterRights, kPhoneSystemRights};

constexpr Statement kRole{"role",
                          "select coalesce(pg_has_role(r.oid, n.nspowner, 'member'), false), current_database()"
                          "  from pg_roles r"
                          "  left join pg_namespace n on n.nspname = 'queue_statistics'"
                          " where r.rolname = $1"};

// Told by the right that nobody gives by hand who does not mean the whole.
constexpr Statement kGrantees{"grantees", R"sql(
select a.grantee::regrole::text, 0 as kind
  from pg_proc p
 cross join aclexplode(p.proacl) a
 where p.oid = to_regprocedure('queue_statistics.may_see_queue(bigint, bigint)')
   and a.privilege_type = 'EXECUTE' and a.grantee not in (0, p.proowner)
union
select a.grantee::regrole::text, t.kind
  from (values (1, 'queue_statistics.queue_destination_calls', 'DELETE'),
               (2, 'queue_statistics.queue_log', 'INSERT')) t (kind, name, privilege)
  join pg_class c on c.oid = to_regclass(t.name)
 cross join aclexplode(c.relacl) a
 where a.privilege_type = t.privilege and a.grantee not in (0, c.relowner)
 order by 2, 1
)sql"};

std::string rights(Grant kind, std::string_view quoted_role) {
    static constexpr std::string_view kPlaceholder = R"(:"role")";
    std::string text{kRights.at(static_cast<std::size_t>(kind))};
    for (std::size_t at = 0; (at = text.find(kPlaceholder, at)) != std::string::npos; at += quoted_role.size())
        text.replace(at, kPlaceholder.size(), quoted_role);
    return text;
}

Failure refusal(const char* sqlstate, const std::string& message) {
    return {kind_of(sqlstate), sqlstate, message, "grant: " + message};
}

}  // namespace

void grant(Connection& connection, Grant kind, const std::string& role, Deadline deadline,
           const std::function<void(std::string_view)>& report) {
    const Rows found = connection.query(kRole, {role}, deadline);
    // Also keeps out PUBLIC, which GRANT would take for everyone, quoted or not.
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
    const Rows grantees = connection.query(kGrantees, {}, deadline);
    for (int i = 0; i < grantees.size(); ++i)
        text += rights(static_cast<Grant>(grantees.integer(i, 1)), grantees.text(i, 0));
    return text;
}

}  // namespace sql
