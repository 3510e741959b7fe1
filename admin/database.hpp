#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sql/connection.hpp"

/// What all commands share of the database.
namespace admin {

/// Connects to where QUEUE_STATISTICS_DATABASE or libpq's own environment says, without any time limit for
/// statements. Throws sql::Failure.
sql::Connection connect(sql::Deadline deadline = sql::kNoDeadline);

/// As connect(), for commands that need the tables. Throws console::Refusal when the schema is absent, or older or
/// newer than this program serves.
sql::Connection connect_migrated(sql::Deadline deadline = sql::kNoDeadline);

/// SQLSTATE of a row that is there already.
inline constexpr std::string_view kUniqueViolation = "23505";

/// An id as a parameter of a statement; none is null.
inline sql::Parameter parameter(std::optional<std::int64_t> id) {
    return id ? sql::Parameter{std::to_string(*id)} : std::nullopt;
}

/// Rows that came with an id of their own (a site's loader, a restored backup) leave the sequence of ids behind, and
/// the next insert would fail. Moves the sequence of schema queue_statistics' table past the table's highest id, and to
/// at least `at_least`; never back. Call it within the transaction of the insert, before it: while it moves one, nobody
/// else can insert. Does nothing for a role that may not change the sequence.
void advance_sequence(sql::Connection& connection, const char* table, std::int64_t at_least = 0);

/// Prints one line per row to standard output, fields separated by tabs; null is empty, the rest is escaped as
/// console::append_escaped does.
void print_rows(const sql::Rows& rows);

/// The same below a header line.
void print_table(std::string_view header, const sql::Rows& rows);

/// What is wrong and what to do, in whole words, where a command failed by the database: unreachable, not migrated,
/// permission denied, ...
std::string explain(const sql::Failure& failure);

}  // namespace admin
