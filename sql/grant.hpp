#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
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
    kMonitor,      ///< reads what `queue-statistics status` reads: no hash, no name of a person, no event
    kRouter,       ///< a router logs in as it on a shard: asks its questions, and reads no table
    kShard,        ///< a shard logs in as it on the router: reads customers, queues and the directory
};

/// How long a shard works on a question of a router. More than the router's own limit, so that the router's limit ends
/// it: PL/Proxy 2.10 and 2.11 may wait for ever for a shard that ended a statement by its own.
inline constexpr std::chrono::milliseconds kShardTimeout{7000};

/// What the role of a phone system is bound to: a row of phone_system_roles, which says what each value means. What has
/// no value stays as it is; for a new role it is null in the table.
struct PhoneSystem {
    std::optional<std::string> source = std::nullopt;     ///< 1 to 255 characters
    std::optional<std::int64_t> customer = std::nullopt;  ///< an id
    bool any_customer = false;                            ///< the role is no longer bound to a customer
    std::optional<std::string> timezone = std::nullopt;   ///< a name that the server knows, in any letter case
};

/// Grants the role the rights of a kind, and binds a phone system's role. Takes no right from the role, and may be
/// repeated. Calls report with a line for each of the following that could not be done or that others may notice:
/// - A reader's role gets the settings of session_settings() in this database, for poolers in transaction mode, through
///   which the responder cannot set them. A router's role gets them because PL/Proxy sets nothing; its statements may
///   take kShardTimeout. They need CREATEROLE, and from PostgreSQL 16 on ADMIN OPTION on the role.
/// - All roles but a writer's must not fill the disk. So TEMPORARY on the database is taken from PUBLIC and given to
/// the
///   schema's owner, which needs the database's owner; and making large objects is taken from PUBLIC, which needs a
///   superuser.
/// - The source of a phone system's role is that of another role too.
/// Throws Failure: 42704 when the role does not exist (PUBLIC is not a role), 42501 when a role other than a writer's
/// may do what the schema's owner may, or when we may not grant, 22023 when the time zone is not known, 23503 when the
/// customer does not exist.
void grant(Connection& connection, Grant kind, const std::string& role, Deadline deadline,
           const std::function<void(std::string_view)>& report, const PhoneSystem& phone_system = {});

/// The statements that grant every role of a kind the rights which that kind has today: after a migration also those on
/// what is new. The database tells the kind of a role: EXECUTE on may_see_queue makes a reader, on phone_system_source
/// a phone system, DELETE on queue_destination_calls a writer, SELECT on refused_hashes a monitor, EXECUTE on
/// answer_here a router, and SELECT on all of queue_shards a shard. Throws Failure.
std::string renewed_rights(Connection& connection, Deadline deadline);

}  // namespace sql
