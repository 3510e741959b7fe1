#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Names and other text from outside: which ones the tables take, and how a message shows them. Not in console/,
/// because console/ does not include core.
namespace admin {

/// Longest name of a customer, queue or role in characters, and longest username in bytes: the limits of the tables.
inline constexpr std::size_t kMaxName = 255;

/// Longest dtype and dnumber of a destination, together, in bytes: the index over both can hold no more (2704 bytes).
inline constexpr std::size_t kMaxDestinationBytes = 2600;

/// The number of characters. Precondition: text is valid UTF-8.
std::size_t characters(std::string_view text);

/// Throws console::Refusal unless name is valid UTF-8 of 1..kMaxName characters. what: the subject of the message, such
/// as "the name" or "the role".
void check_name(std::string_view what, std::string_view name);

/// Returns text between quotes, for a message: control characters escaped, at most 60 bytes of it. Text that is not
/// valid UTF-8 is not shown. (Not named `quoted`: with a std::string as argument that name would find std::quoted,
/// wherever a header includes <iomanip>.)
std::string in_quotes(std::string_view text);

}  // namespace admin
