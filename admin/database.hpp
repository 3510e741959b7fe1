#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sql/connection.hpp"

/// What all commands need of the database.
namespace admin {

/// Connects to the database that QUEUE_STATISTICS_DATABASE names, else to the one of libpq's own environment variables.
/// Statements have no time limit by the server. deadline: for connecting. Throws sql::Failure.
sql::Connection connect(sql::Deadline deadline = sql::kNoDeadline);

/// The same, to the database that conninfo names (a connection string or URI).
sql::Connection connect_to(const std::string& conninfo, sql::Deadline deadline);

/// What a command reads or writes. A site of one machine has all of it in one database.
enum class Data {
    kAny,
    kSite,   ///< customers, queues, people, tokens: past one machine the router's
    kCalls,  ///< destinations, calls, events, sums: past one machine the shards'
};

/// Like connect(), for commands that need the tables. Throws sql::Failure when there are no tables, and
/// console::Refusal when the schema is older or newer than this program serves, or when this is a router or shard and
/// the data are on the other kind.
sql::Connection connect_migrated(Data data, sql::Deadline deadline = sql::kNoDeadline);

/// SQLSTATE of an insert whose key another row has already.
inline constexpr std::string_view kUniqueViolation = "23505";

/// SQLSTATE of a statement for which the role lacks a right.
inline constexpr std::string_view kNotPermitted = "42501";

/// SQLSTATE of a statement that waited too long for a lock, or may not wait.
inline constexpr std::string_view kLockNotAvailable = "55P03";

/// An id as a parameter of a statement; nullopt is null.
inline sql::Parameter parameter(std::optional<std::int64_t> id) {
    return id ? sql::Parameter{std::to_string(*id)} : std::nullopt;
}

/// Moves the sequence of a table's ids past the table's highest id and to at least `at_least`; never back. Rows that
/// came with an id of their own (from a site's loader, from a restored backup) leave the sequence behind, and the next
/// insert would fail. Call it before an insert, in a transaction: it moves a sequence under a lock that keeps all other
/// inserts out until the transaction ends. Does nothing for a role that may not change the sequence. table: a name in
/// schema queue_statistics.
void advance_sequence(sql::Connection& connection, const char* table, std::int64_t at_least = 0);

/// Lets events follow names of queues and agents that mean something else now, in steps, each a transaction of its own:
/// waiting events make their calls, offers of an agent move. Call it after the transaction that changed a name. Returns
/// false when transactions older than a change still run, which may hold events of the name: the next roll-up brings
/// these in. Does nothing for a role that may not do this.
bool follow_names(sql::Connection& connection);

/// Waits until every transaction has ended that was folding events of a phone system: none of these may have seen what
/// was committed before the call. Phone systems that fold on meanwhile are not held up.
void wait_for_folding(sql::Connection& connection);

/// How many blocks the table of stored events has, for work that goes through it stretch by stretch.
std::int64_t event_blocks(sql::Connection& connection);

/// Prints one line per row to standard output, with tabs between the fields. Null is an empty field; text is escaped by
/// console::append_escaped().
void print_rows(const sql::Rows& rows);

/// Prints a header line and then the rows, like print_rows().
void print_table(std::string_view header, const sql::Rows& rows);

/// Says in whole sentences why the database failed a command (unreachable, not migrated, permission denied, ...), and
/// what to do about it.
std::string explain(const sql::Failure& failure);

}  // namespace admin
