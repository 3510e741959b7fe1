#pragma once

#include <functional>
#include <variant>

/// The command line of queue-statistics.
namespace admin {

/// Runs a command; returns the exit code, 0 or 1. Throws Refusal and sql::Failure.
using Action = std::function<int()>;

/// What the arguments ask for; or, when --help, --version or wrong usage (2) was answered already, the exit code.
std::variant<Action, int> read_command_line(int argc, const char* const* argv);

}  // namespace admin
