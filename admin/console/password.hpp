#pragma once

#include <cstddef>
#include <string>

/// Asks the administrator for a password.
namespace admin::console {

/// When standard input is a terminal, asks for the password twice, by prompts on standard error, and does not show it.
/// The terminal gets its settings back, also when a signal ends the program meanwhile. Else reads the first line of
/// standard input, without its line feed. Throws Refusal when there is no password, the two differ, or the password is
/// longer than most_bytes.
std::string read_new_password(std::size_t most_bytes);

}  // namespace admin::console
