#include "admin/command.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <string_view>

namespace admin {
namespace {

constexpr const char* kVersion = "queue-statistics "
#include "version.inc"
    ;

constexpr const char* kFooter =
    "The database is found by libpq's own rules (PGHOST, PGDATABASE, PGUSER, PGSERVICE, ...), or by "
    "QUEUE_STATISTICS_DATABASE,\na connection string or URI. Errors go to standard error; exit 1, or 2 for wrong "
    "usage.";

std::int64_t read_id(const std::string& text) {
    const std::int64_t id = read_number(text);
    if (id < 1) throw CLI::ValidationError{"an id is a whole number from 1, not \"" + text + "\""};
    return id;
}

/// Id: std::int64_t or an optional of it. id must live as long as the command.
template <class Id>
CLI::Option* add_id(CLI::App* command, const char* name, Id& id, const char* help, const char* type) {
    return command
        ->add_option_function<std::string>(
            name, [&id](const std::string& text) { id = read_id(text); }, help)
        ->type_name(type);
}

/// Number: std::int64_t or an optional of it. number must live as long as the command.
template <class Number>
CLI::Option* add_number(CLI::App* command, const char* name, Number& number, std::int64_t least, std::int64_t most,
                        const char* help, const char* type) {
    return command
        ->add_option_function<std::string>(
            name,
            [&number, least, most, name](const std::string& text) {
                const std::int64_t value = read_number(text);
                if (value < least || value > most)
                    throw CLI::ValidationError{std::string{name} + " is a whole number from " + std::to_string(least) +
                                               " to " + std::to_string(most) + ", not \"" + text + "\""};
                number = value;
            },
            help)
        ->type_name(type);
}

/// Names an unknown command. CLI11 itself would say that a command is missing.
std::string wrong_usage(const CLI::App* app, const CLI::Error& error) {
    const std::vector<std::string> rest = app->remaining(true);
    const bool no_command = std::string_view{error.what()} == CLI::RequiredError::Subcommand(1).what();
    const std::string what = no_command && !rest.empty() ? "there is no command " + rest.front() : error.what();
    return "queue-statistics: " + what + "\nSee: queue-statistics --help, also after any command\n";
}

}  // namespace

std::int64_t read_number(const std::string& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() && text.front() != '-' ? number : -1;
}

Arguments& Arguments::id(const char* name, std::int64_t& id, const char* help) {
    add_id(command_, name, id, help, "ID")->required();
    return *this;
}

Arguments& Arguments::id(const char* name, std::optional<std::int64_t>& id, const char* help, const char* type) {
    add_id(command_, name, id, help, type);
    return *this;
}

Arguments& Arguments::id_or(const char* name, const char* word, std::optional<std::int64_t>& id, const char* help) {
    command_
        ->add_option_function<std::string>(
            name,
            [&id, word](const std::string& text) {
                if (text == word)
                    id.reset();
                else
                    id = read_id(text);
            },
            help)
        ->required()
        ->type_name("");
    return *this;
}

Arguments& Arguments::number(const char* name, std::int64_t& number, std::int64_t least, std::int64_t most,
                             const char* help, const char* type) {
    add_number(command_, name, number, least, most, help, type)->required();
    return *this;
}

Arguments& Arguments::number(const char* name, std::optional<std::int64_t>& number, std::int64_t least,
                             std::int64_t most, const char* help, const char* type) {
    add_number(command_, name, number, least, most, help, type);
    return *this;
}

Arguments& Arguments::text(const char* name, std::optional<std::string>& text, const char* help, const char* type) {
    command_->add_option(name, text, help)->type_name(type);
    return *this;
}

Arguments& Arguments::value(const char* name, std::function<std::string(const std::string&)> read, const char* help,
                            const char* type) {
    command_
        ->add_option_function<std::string>(
            name,
            [read = std::move(read), name](const std::string& text) {
                if (const std::string what = read(text); !what.empty())
                    throw CLI::ValidationError{std::string{name} + ": " + what};
            },
            help)
        ->type_name(type);
    return *this;
}

Arguments& Arguments::text(const char* name, std::string& text, const char* help, const char* type) {
    command_->add_option(name, text, help)->required()->type_name(type);
    return *this;
}

Arguments& Arguments::text_or_default(const char* name, std::string& text, const char* help, const char* type) {
    command_->add_option(name, text, help)->type_name(type)->capture_default_str();
    return *this;
}

Arguments& Arguments::flag(const char* name, bool& given, const std::string& help) {
    command_->add_flag(name, given, help);
    return *this;
}

Arguments& Arguments::words(const char* name, std::vector<std::string>& words, const char* help) {
    command_->add_option(name, words, help)->required()->type_name("");
    return *this;
}

Arguments& Arguments::repeated(const char* name, std::vector<std::string>& words, const char* help, const char* type) {
    command_->add_option(name, words, help)->type_name(type)->allow_extra_args(false);
    return *this;
}

Arguments& Arguments::not_with(const char* name, std::initializer_list<const char*> others) {
    for (const char* other : others) command_->get_option(name)->excludes(command_->get_option(other));
    return *this;
}

Arguments& Arguments::check(std::function<std::string()> problem) {
    *problem_ = std::move(problem);
    return *this;
}

Group Group::group(const char* name, const char* help) {
    return {group_->add_subcommand(name, help)->require_subcommand(1), action_};
}

Arguments Group::add(const char* name, const char* help, Action run) {
    CLI::App* command = group_->add_subcommand(name, help);
    Arguments arguments{command};
    command->callback([&action = action_, run = std::move(run), problem = arguments.problem_] {
        if (*problem)
            if (const std::string what = (*problem)(); !what.empty()) throw CLI::ValidationError{what};
        action = run;
    });
    return arguments;
}

std::variant<Action, int> read_command_line(int argc, const char* const* argv, void (*add_commands)(Group all)) {
    Action action;
    CLI::App app{"Administers the database of queue-statistics.", "queue-statistics"};
    app.footer(kFooter);
    app.set_version_flag("--version", kVersion);
    app.set_help_flag("-h,--help", "Say what there is, here or after any command");
    app.require_subcommand(1);
    app.failure_message(wrong_usage);
    add_commands(Group{&app, action});
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& end) {
        return app.exit(end) == 0 ? 0 : 2;
    }
    return action;
}

}  // namespace admin
