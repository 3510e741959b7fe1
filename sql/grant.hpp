#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "sql/connection.hpp"

/// What a database role may do. Each kind of use has a role of its own, which can do nothing else.
namespace sql {

/// Each has its statements in sql/grants.
enum class Grant {
    kReader,       ///< the responder: reads what its statements need; a hash only by naming its owner
    kWriter,       ///< a site's own loader: writes calls, queues and destinations
    kPhoneSystem,  ///< Asterisk or FreeSWITCH: inserts events, and cannot even read them
};

/// Gives the role what `kind` needs; again is harmless. Nothing is taken away. A reader's role also gets, in this
/// database, the settings of session_settings(), for poolers where the responder cannot set them itself; when we may
/// not do that (it takes CREATEROLE), `report` is called with a line and the rights stand all the same.
/// Throws Failure: 42704 when there is no such role (PUBLIC is none), 42501 when it may do what the schema's owner may
/// (a reader must not), or when we may not grant.
void grant(Connection& connection, Grant kind, const std::string& role, Deadline deadline,
           const std::function<void(std::string_view)>& report);

/// The statements that give everyone who was granted a kind its rights as they are today: after a migration, those on
/// what is new. Who was granted what is read from the database: EXECUTE on may_see_queue makes a reader, INSERT on
/// queue_destination_calls a writer, INSERT on queue_log a phone system.
std::string renewed_rights(Connection& connection, Deadline deadline);

}  // namespace sql
