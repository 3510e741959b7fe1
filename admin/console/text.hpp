#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Text for the administrator.
namespace admin::console {

/// A count with commas between the thousands, such as 1,234,567.
std::string grouped(std::int64_t count);

/// A count with its noun, such as "1 customer" or "2,000 customers".
std::string counted(std::int64_t count, std::string_view singular, std::string_view plural);

/// Appends value with tab, line feed, carriage return and backslash written as \t, \n, \r and \\. COPY reads the same
/// escapes.
void append_escaped(std::string& out, std::string_view value);

}  // namespace admin::console
