#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Names and other text from outside: what the tables take, and how a message shows it. Here and not in console/, which
/// knows nothing of core.
namespace admin {

/// Longest customer's, queue's and role's name, and username (there in bytes), as the tables have it.
inline constexpr std::size_t kMaxName = 255;

/// A destination's dtype and dnumber are any text; together at most this many bytes, as the index over both can hold no
/// more.
inline constexpr std::size_t kMaxDestinationBytes = 2600;

/// The number of characters of valid UTF-8.
std::size_t characters(std::string_view text);

/// Throws console::Refusal unless name is valid UTF-8 of 1..kMaxName characters. what: "the name", "the role", ...
void check_name(std::string_view what, std::string_view name);

/// text between quotes for a message: control characters escaped, cut to a few words, and only if it is valid UTF-8.
/// (Not `quoted`: a std::string finds std::quoted by that name, wherever a header has <iomanip>.)
std::string in_quotes(std::string_view text);

}  // namespace admin
