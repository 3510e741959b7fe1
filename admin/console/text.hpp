#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Text for the administrator.
namespace admin::console {

/// A count with commas between thousands: 1,234,567.
std::string grouped(std::int64_t count);

/// 1 customer, 2,000 customers.
std::string counted(std::int64_t count, std::string_view singular, std::string_view plural);

/// Appends value with tab, line feed, carriage return and backslash as \t, \n, \r and \\, which is also what COPY
/// reads.
void append_escaped(std::string& out, std::string_view value);

}  // namespace admin::console
