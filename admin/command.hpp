#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the name is the library's
class App;
}

/// The command line of queue-statistics. Each command's own file says here what it is called, what it takes and what it
/// runs; main has the list of them.
namespace admin {

/// Runs a command; returns the exit code. Throws console::Refusal and sql::Failure.
using Action = std::function<int()>;

/// What a command takes: each call adds an option (`--name`) or an argument (`NAME`) and where its value goes. A value
/// goes where it belongs before the command runs; an argument is required, an option only where it says so. Arguments
/// are read in the order in which they are added, and --help tells all in that order.
class Arguments {
  public:
    explicit Arguments(CLI::App* command) : command_{command} {}

    /// A whole number from 1, of ASCII digits; required.
    Arguments& id(const char* name, std::int64_t& id, const char* help);
    /// The same, which may be left out. type: how --help writes it.
    Arguments& id(const char* name, std::optional<std::int64_t>& id, const char* help, const char* type = "ID");
    /// Any text, also an empty one; required. type: how --help writes it.
    Arguments& text(const char* name, std::string& text, const char* help, const char* type = "");
    /// Any text, which may be left out; --help tells the default that `text` has.
    Arguments& text_or_default(const char* name, std::string& text, const char* help, const char* type);
    /// True when it is given.
    Arguments& flag(const char* name, bool& given, const std::string& help);
    /// All words up to the next option, at least one.
    Arguments& words(const char* name, std::vector<std::string>& words, const char* help);
    /// One word each time the option is given; none is fine.
    Arguments& repeated(const char* name, std::vector<std::string>& words, const char* help, const char* type);

    /// The option `name` is wrong usage together with any of the others. All were added before.
    Arguments& not_with(const char* name, std::initializer_list<const char*> others);

    /// problem: what is wrong with the values together, which is wrong usage too; an empty text when nothing is.
    Arguments& check(std::function<std::string()> problem);

  private:
    friend class Group;
    CLI::App* command_;
    std::shared_ptr<std::function<std::string()>> problem_ = std::make_shared<std::function<std::string()>>();
};

/// Commands that share their first words, such as `queue-statistics customer`.
class Group {
  public:
    Group(CLI::App* group, Action& action) : group_{group}, action_{action} {}

    /// A group below this one.
    Group group(const char* name, const char* help);

    /// A command without arguments. run() returns the exit code; or nothing, which is 0.
    template <class Run>
    void command(const char* name, const char* help, Run run) {
        add(name, help, [run] { return code_of(run); });
    }

    /// A command with arguments: takes(Arguments&, Options&) says which and where they go in the options; run(options)
    /// is called with what was given.
    template <class Options, class Run, class Takes>
    void command(const char* name, const char* help, Run run, Takes takes) {
        const auto options = std::make_shared<Options>();
        Arguments arguments = add(name, help, [run, options] { return code_of(run, std::as_const(*options)); });
        takes(arguments, *options);
    }

  private:
    Arguments add(const char* name, const char* help, Action run);

    template <class Run, class... Options>
    static int code_of(const Run& run, const Options&... options) {
        if constexpr (std::is_void_v<std::invoke_result_t<Run, const Options&...>>) {
            run(options...);
            return 0;
        } else {
            return run(options...);
        }
    }

    CLI::App* group_;
    Action& action_;
};

/// What the arguments ask for, of the commands that add_commands adds; or, when --help, --version or wrong usage (2)
/// was answered already, the exit code.
std::variant<Action, int> read_command_line(int argc, const char* const* argv, void (*add_commands)(Group all));

}  // namespace admin
