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

/// The command line of queue-statistics. The file of a command says the command's name, its arguments and the function
/// that runs it. main.cpp has the list of all commands.
namespace admin {

/// Runs a command and returns the exit code. Throws console::Refusal and sql::Failure.
using Action = std::function<int()>;

/// The number that ASCII digits write, read as decimal: CLI11 itself would read 010 as 8. -1 for any other text.
std::int64_t read_number(const std::string& text);

/// The options (`--name`) and arguments (`NAME`) of a command. Each function below adds one, and names the variable
/// that receives its value. The variables have their values before the command runs. Arguments are read in the order in
/// which they are added; --help lists options and arguments in the same order.
class Arguments {
  public:
    explicit Arguments(CLI::App* command) : command_{command} {}

    /// A whole number of ASCII digits, at least 1. Required.
    Arguments& id(const char* name, std::int64_t& id, const char* help);
    /// A whole number of ASCII digits, at least 1. Optional. type: the word for the value in --help.
    Arguments& id(const char* name, std::optional<std::int64_t>& id, const char* help, const char* type = "ID");
    /// As the first id(), or `word`, which leaves `id` without a value. Required.
    Arguments& id_or(const char* name, const char* word, std::optional<std::int64_t>& id, const char* help);
    /// A whole number of ASCII digits, least to most. Required. type: as above.
    Arguments& number(const char* name, std::int64_t& number, std::int64_t least, std::int64_t most, const char* help,
                      const char* type);
    /// The same. Optional.
    Arguments& number(const char* name, std::optional<std::int64_t>& number, std::int64_t least, std::int64_t most,
                      const char* help, const char* type);
    /// Any text, the empty text too. Required. type: the word for the value in --help.
    Arguments& text(const char* name, std::string& text, const char* help, const char* type = "");
    /// Any text. Optional.
    Arguments& text(const char* name, std::optional<std::string>& text, const char* help, const char* type);
    /// Any text. Optional; the default is what `text` holds now, and --help shows it.
    Arguments& text_or_default(const char* name, std::string& text, const char* help, const char* type);
    /// Any text that read() takes: it returns what is wrong with the text, or an empty text. Optional.
    Arguments& value(const char* name, std::function<std::string(const std::string&)> read, const char* help,
                     const char* type);
    /// `given` becomes true when the option is there.
    Arguments& flag(const char* name, bool& given, const std::string& help);
    /// All words up to the next option. Required: at least one word.
    Arguments& words(const char* name, std::vector<std::string>& words, const char* help);
    /// One word each time the option is given. Optional.
    Arguments& repeated(const char* name, std::vector<std::string>& words, const char* help, const char* type);

    /// Makes the option `name` wrong usage together with any of the others. All of them must have been added already.
    Arguments& not_with(const char* name, std::initializer_list<const char*> others);

    /// problem: looks at all values together; returns what makes them wrong usage, or an empty text.
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

    /// Adds a group below this one.
    Group group(const char* name, const char* help);

    /// Adds a command without arguments. run() returns the exit code, or nothing, which stands for 0.
    template <class Run>
    void command(const char* name, const char* help, Run run) {
        add(name, help, [run] { return code_of(run); });
    }

    /// Adds a command with arguments. takes(Arguments&, Options&) adds the arguments, whose values go into the options;
    /// then run(options) is called, which returns as above.
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

/// Reads the command line with the commands that add_commands() adds. Returns the action that was asked for, or the
/// exit code when everything is said already: 0 after --help and --version, 2 after wrong usage.
std::variant<Action, int> read_command_line(int argc, const char* const* argv, void (*add_commands)(Group all));

}  // namespace admin
