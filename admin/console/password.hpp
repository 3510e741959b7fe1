#pragma once

#include <string>

/// Asks the administrator for a password.
namespace admin {

/// From a prompt on standard error, asked twice and not shown, when standard input is a terminal (which gets its
/// settings back also when a signal ends the program meanwhile); else the first line of standard input, without its
/// line feed. Throws Refusal when there is none, the two differ, or nobody could log in with it: empty, over 511
/// bytes, invalid UTF-8, a NUL, or a carriage return at its end (a file with Windows line ends).
std::string read_new_password();

}  // namespace admin
