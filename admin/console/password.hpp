#pragma once

#include <cstddef>
#include <string>

/// Asks the administrator for a password.
namespace admin::console {

/// From a prompt on standard error, asked twice and not shown, when standard input is a terminal (which gets its
/// settings back also when a signal ends the program meanwhile); else the first line of standard input, without its
/// line feed. Throws Refusal when there is none, the two differ, or it has more than most_bytes.
std::string read_new_password(std::size_t most_bytes);

}  // namespace admin::console
