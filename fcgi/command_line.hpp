#pragma once

#include <optional>

namespace fcgi {

/// Answers --help and --version, and refuses to start without a socket. Returns nullopt when the program is to serve;
/// else its exit code. The exit code is 0 after --help or --version, 1 when standard output took no text, and 2 for any
/// other argument or when standard input is not a listening socket, with the help on standard error.
std::optional<int> answer_command_line(int argc, const char* const* argv);

}  // namespace fcgi
