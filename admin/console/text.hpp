#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sql/connection.hpp"

/// Text from and for the administrator.
namespace admin {

/// Longest customer's, queue's and role's name, and username (there in bytes), as the tables have it.
inline constexpr std::size_t kMaxName = 255;

/// The number of characters of valid UTF-8.
std::size_t characters(std::string_view text);

/// Throws Refusal unless name is valid UTF-8 of 1..kMaxName characters. what: "the name", "the role", ...
void check_name(std::string_view what, std::string_view name);

/// text between quotes for a message: control characters escaped, cut to a few words, and only if it is valid UTF-8.
std::string quoted(std::string_view text);

/// A count with commas between thousands: 1,234,567.
std::string grouped(std::int64_t count);

/// 1 customer, 2,000 customers.
std::string counted(std::int64_t count, std::string_view singular, std::string_view plural);

/// Appends value with tab, line feed, carriage return and backslash as \t, \n, \r and \\, which is also what COPY
/// reads.
void append_escaped(std::string& out, std::string_view value);

/// Prints one line per row to standard output, fields separated by tabs; null is empty, the rest is escaped as above.
void print_rows(const sql::Rows& rows);

/// The same below a header line.
void print_table(std::string_view header, const sql::Rows& rows);

}  // namespace admin
