#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "sql/connection.hpp"

/// What a database role may do. Each kind of use has a role of its own, which can do that and nothing else.
namespace sql {

/// The kinds of use. The statements of each kind are a file of sql/grants. sql/queries/grantees.sql has their numbers.
enum class Grant {
    kReader,       ///< the responder: reads what its statements need, and a password's hash only by the username
    kWriter,       ///< a site's own loader: writes offers, queues and destinations
    kPhoneSystem,  ///< Asterisk or FreeSWITCH: inserts events, and cannot even read them
};

/// Grants the role the rights of a kind. Revokes no right, and may be repeated. Also gives a reader's role the settings
/// of session_settings() in this database, for poolers in transaction mode, through which the responder cannot set
/// them. Those settings need CREATEROLE: without it, calls report with a line, and the rights hold all the same. Throws
/// Failure: 42704 when the role does not exist (PUBLIC is not a role), 42501 when a reader's role may do what the
/// schema's owner may, or when we may not grant.
void grant(Connection& connection, Grant kind, const std::string& role, Deadline deadline,
           const std::function<void(std::string_view)>& report);

/// The statements that grant every role of a kind the rights which that kind has today: after a migration also those on
/// what is new. The database tells the kind of a role: EXECUTE on may_see_queue makes a reader, DELETE on
/// queue_destination_calls a writer, INSERT on queue_log a phone system. Throws Failure.
std::string renewed_rights(Connection& connection, Deadline deadline);

}  // namespace sql
