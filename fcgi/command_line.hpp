#pragma once

#include <optional>

namespace fcgi {

/// The exit code of a program that was not started to serve: 0 after printing what --help or --version ask for, 2 with
/// the help on standard error for any other argument, or where standard input is not a listening socket. Nothing when
/// it is to serve.
std::optional<int> answer_command_line(int argc, const char* const* argv);

}  // namespace fcgi
