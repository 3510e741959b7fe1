#include "admin/command.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <charconv>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "admin/calls/csv.hpp"
#include "admin/events/asterisk.hpp"
#include "admin/events/follow.hpp"
#include "admin/events/freeswitch.hpp"
#include "admin/events/map.hpp"
#include "admin/site/customer.hpp"
#include "admin/site/destination.hpp"
#include "admin/site/person.hpp"
#include "admin/site/queue.hpp"
#include "admin/upkeep/check.hpp"
#include "admin/upkeep/grant.hpp"
#include "admin/upkeep/migrate.hpp"
#include "admin/upkeep/prune.hpp"
#include "admin/upkeep/status.hpp"
#include "admin/upkeep/sums.hpp"

namespace admin {
namespace {

constexpr const char* kVersion = "queue-statistics "
#include "version.inc"
    ;

constexpr const char* kFooter =
    "The database is found by libpq's own rules (PGHOST, PGDATABASE, PGUSER, PGSERVICE, ...), or by "
    "QUEUE_STATISTICS_DATABASE,\na connection string or URI. Errors go to standard error; exit 1, or 2 for wrong "
    "usage.";

/// ASCII digits only: CLI11's own numbers take 010 for 8.
std::int64_t read_id(const std::string& text) {
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size() || id <= 0)
        throw CLI::ValidationError{"an id is a whole number from 1, not \"" + text + "\""};
    return id;
}

/// id: std::int64_t or an optional one; lives as long as the command.
template <class Id>
CLI::Option* add_id(CLI::App* command, const std::string& name, Id& id, const std::string& description) {
    return command
        ->add_option_function<std::string>(
            name, [&id](const std::string& text) { id = read_id(text); }, description)
        ->type_name("ID");
}

CLI::Option* add_text(CLI::App* command, const std::string& name, std::string& text, const std::string& description) {
    return command->add_option(name, text, description)->required()->type_name("");
}

/// Adds `name` below parent; it does what run says, to options that lines after this one fill.
template <class Options>
CLI::App* add_command(CLI::App* parent, const std::string& name, const std::string& description, Action& action,
                      const std::shared_ptr<Options>& options, void (*run)(const Options&)) {
    CLI::App* command = parent->add_subcommand(name, description);
    command->callback([&action, options, run] {
        action = [options, run] {
            run(*options);
            return 0;
        };
    });
    return command;
}

CLI::App* add_command(CLI::App* parent, const std::string& name, const std::string& description, Action& action,
                      void (*run)()) {
    CLI::App* command = parent->add_subcommand(name, description);
    command->callback([&action, run] {
        action = [run] {
            run();
            return 0;
        };
    });
    return command;
}

CLI::App* add_group(CLI::App& app, const std::string& name, const std::string& description) {
    return app.add_subcommand(name, description)->require_subcommand(1);
}

void add_customer_commands(CLI::App& app, Action& action) {
    CLI::App* group = add_group(app, "customer", "Customers, who have queues, people, and customers below them");
    const auto added = std::make_shared<NewCustomer>();
    CLI::App* add = add_command(group, "add", "Add a customer and print its id", action, added, add_customer);
    add_id(add, "--parent", added->parent, "The customer above it");
    add_id(add, "--id", added->id, "Its id, instead of the next one");
    add_text(add, "NAME", added->name, "Its name");
    add_command(group, "list", "List all customers, deleted ones too", action, list_customers);
    const auto deleted = std::make_shared<std::int64_t>();
    CLI::App* remove = add_command(
        group, "delete", "Mark a customer and all below it deleted; no row is removed", action, deleted,
        +[](const std::int64_t& id) { delete_customer(id); });
    add_id(remove, "ID", *deleted, "The customer")->required();
}

void add_queue_commands(CLI::App& app, Action& action) {
    CLI::App* group = add_group(app, "queue", "Queues, in which callers wait");
    const auto added = std::make_shared<NewQueue>();
    CLI::App* add = add_command(group, "add", "Add a queue and print its id", action, added, add_queue);
    add_id(add, "--customer", added->customer, "Whose queue it is")->required();
    add_id(add, "--id", added->id, "Its id, instead of the next one");
    add_text(add, "NAME", added->name, "Its name, unique among the customer's queues that are not deleted");
    const auto listed = std::make_shared<std::optional<std::int64_t>>();
    CLI::App* list = add_command(
        group, "list", "List queues, deleted ones too", action, listed,
        +[](const std::optional<std::int64_t>& customer) { list_queues(customer); });
    add_id(list, "--customer", *listed, "Only this customer's");
    const auto deleted = std::make_shared<std::int64_t>();
    CLI::App* remove = add_command(
        group, "delete", "Mark a queue deleted: its statistics are no longer seen; no row is removed", action, deleted,
        +[](const std::int64_t& id) { delete_queue(id); });
    add_id(remove, "ID", *deleted, "The queue")->required();
}

void add_destination_commands(CLI::App& app, Action& action) {
    CLI::App* group =
        add_group(app, "destination", "Destinations, such as phones, to which a queue offers its callers");
    const auto added = std::make_shared<NewDestination>();
    CLI::App* add = add_command(group, "add", "Add a destination, or put a removed one back, and print its id", action,
                                added, add_destination);
    add_id(add, "--queue", added->queue, "The queue")->required();
    add_id(add, "--id", added->id, "Its id, instead of the next one");
    add_text(add, "DTYPE", added->dtype, "Its type: phone, forward, peer, sipuri, ...");
    add_text(add, "DNUMBER", added->dnumber, "Its number");
    const auto listed = std::make_shared<std::int64_t>();
    CLI::App* list = add_command(
        group, "list", "List a queue's destinations, removed ones too", action, listed,
        +[](const std::int64_t& queue) { list_destinations(queue); });
    add_id(list, "--queue", *listed, "The queue")->required();
    const auto removed = std::make_shared<std::int64_t>();
    CLI::App* remove = add_command(
        group, "remove", "Mark a destination removed; its calls stay in the statistics", action, removed,
        +[](const std::int64_t& id) { remove_destination(id); });
    add_id(remove, "ID", *removed, "The destination")->required();
}

void add_person_commands(CLI::App& app, Action& action) {
    CLI::App* group = add_group(app, "person", "People, who ask for statistics by name and password");
    const auto added = std::make_shared<NewPerson>();
    CLI::App* add = add_command(group, "add",
                                "Add a person and print the id. The password comes from a prompt, or is the first line "
                                "of standard input",
                                action, added, add_person);
    add_id(add, "--customer", added->customer, "Whose queues the person sees")->required();
    add_text(add, "--role", added->role, "System owner, Reseller, Administrator, User, or one of the site's own")
        ->type_name("NAME");
    add->add_option("--source", added->source, "A network the person may come from; several times for several")
        ->type_name("CIDR")
        ->allow_extra_args(false);
    add_text(add, "USERNAME", added->username, "The name to log in with");
    add_command(group, "list", "List all people, without passwords", action, list_people);
    const auto add_by_name = [&](const char* name, const char* description, void (*run)(const std::string&)) {
        const auto username = std::make_shared<std::string>();
        add_text(add_command(group, name, description, action, username, run), "USERNAME", *username, "Who");
    };
    add_by_name("password", "Change a password: from a prompt, or the first line of standard input", change_password);
    add_by_name(
        "disable", "Let a person no longer log in", +[](const std::string& who) { set_active(who, false); });
    add_by_name(
        "enable", "Let a person log in again", +[](const std::string& who) { set_active(who, true); });
}

void add_grant_commands(CLI::App& app, Action& action) {
    CLI::App* group = add_group(app, "grant", "Give a database role the rights it needs, and no more");
    const auto add = [&](const char* name, const char* description, void (*run)(const std::string&)) {
        const auto role = std::make_shared<std::string>();
        add_text(add_command(group, name, description, action, role, run), "ROLE", *role, "An existing database role");
    };
    add("reader", "The responder: may ask for statistics, and cannot write or list people", grant_reader);
    add("writer", "A site's own loader: may write calls, queues and destinations", grant_writer);
    add("phone-system", "Asterisk or FreeSWITCH: may insert events, and nothing else", grant_phone_system);
}

/// What importing events of any phone system takes; returns its flags that change what an import does.
template <class Options>
std::array<CLI::Option*, 2> add_event_import_options(CLI::App* command, Options& options, const std::string& bad) {
    add_id(command, "--customer", options.customer, "Whose queues they are; missing ones are made")->required();
    command->add_option("--source", options.source, "Which phone system wrote them")
        ->type_name("NAME")
        ->capture_default_str();
    CLI::Option* strict = command->add_flag("--strict", options.strict, "Import nothing if any " + bad + " is bad");
    CLI::Option* dry_run =
        command->add_flag("--dry-run", options.dry_run, "Change nothing, only say what is in the files");
    command->add_option("FILE", options.files, "The files; - is standard input")->required()->type_name("");
    return {strict, dry_run};
}

void add_import_commands(CLI::App& app, Action& action) {
    CLI::App* group = add_group(app, "import", "Import calls");
    const auto options = std::make_shared<CsvImport>();
    CLI::App* csv = group->add_subcommand(
        "csv",
        "Import offers from a CSV file with the columns queue, dtype, dnumber, uniqueid, start, ringtime, holdtime,\n"
        "talktime, outcome and, if need be, in_progress, named by a header line in any order. A second import of the\n"
        "same offers updates them. Bad lines are named and left out (exit 1)");
    add_id(csv, "--customer", options->customer, "Whose queues they are; missing ones are made")->required();
    csv->add_flag("--strict", options->strict, "Import nothing if any line is bad");
    csv->add_flag("--dry-run", options->dry_run, "Change nothing, only say what would be done");
    add_text(csv, "FILE", options->file, "The file; - is standard input");
    csv->callback([&action, options] { action = [options] { return import_csv(*options); }; });

    const auto log = std::make_shared<AsteriskImport>();
    CLI::App* asterisk =
        group->add_subcommand("asterisk",
                              "Import queue_log files of Asterisk, plain or gzip, in any order. Events that are there "
                              "already, from a file or\n"
                              "live, are not counted again. Bad lines are named and left out (exit 1)");
    const auto [strict, dry_run] = add_event_import_options(asterisk, *log, "line");
    const auto follow = std::make_shared<bool>(false);
    asterisk
        ->add_flag("--follow", *follow,
                   "Read on in the one FILE as it grows and is rotated, until SIGTERM; the next run goes on where this "
                   "one ended")
        ->excludes(strict)
        ->excludes(dry_run);
    asterisk->callback([&action, log, follow] {
        if (*follow && (log->files.size() > 1 || log->files.front() == "-"))
            throw CLI::ValidationError{"--follow takes one file, which is not standard input"};
        action = [log, follow] {
            return *follow ? follow_asterisk({log->customer, log->source, log->files.front()}) : import_asterisk(*log);
        };
    });

    const auto records = std::make_shared<FreeswitchImport>();
    CLI::App* freeswitch = group->add_subcommand("freeswitch",
                                                 "Import call detail records of FreeSWITCH with the variables of "
                                                 "mod_callcenter: JSON (mod_json_cdr, FusionPBX's\n"
                                                 "v_xml_cdr), or CSV with a header line. Records that are there "
                                                 "already are not counted again. Bad ones are named\n"
                                                 "and left out (exit 1)");
    add_event_import_options(freeswitch, *records, "record");
    freeswitch->callback([&action, records] { action = [records] { return import_freeswitch(*records); }; });
}

void add_map_commands(CLI::App& app, Action& action) {
    CLI::App* group = add_group(app, "map", "What the names that phone systems use mean");
    const auto agent = std::make_shared<AgentMapping>();
    CLI::App* add_agent = add_command(group, "agent", "An agent's name means this destination; its offers move there",
                                      action, agent, map_agent);
    add_text(add_agent, "NAME", agent->name, "As in the phone system's events");
    add_text(add_agent, "DTYPE", agent->dtype, "The destination's type: phone, forward, peer, sipuri, ...");
    add_text(add_agent, "DNUMBER", agent->dnumber, "The destination's number");
    const auto queue = std::make_shared<QueueMapping>();
    CLI::App* add_queue = add_command(group, "queue", "A queue's name means this queue; what waits for it comes in",
                                      action, queue, map_queue);
    add_text(add_queue, "NAME", queue->name, "As in the phone system's events");
    add_id(add_queue, "QUEUE_ID", queue->queue, "The queue")->required();
    add_command(group, "list", "List all mappings, and queue names that wait for one", action, list_mappings);
    CLI::App* remove = group->add_subcommand("remove", "Remove a mapping")->require_subcommand(1);
    const auto add_removal = [&](const char* kind, const char* description, void (*run)(const std::string&)) {
        const auto name = std::make_shared<std::string>();
        add_text(add_command(remove, kind, description, action, name, run), "NAME", *name, "The mapped name");
    };
    add_removal("agent", "The name means its default again; its offers move there", remove_agent_mapping);
    add_removal("queue", "The name means the one queue of that name again; what came in stays", remove_queue_mapping);
}

void add_roll_up_commands(CLI::App& app, Action& action) {
    const auto rebuild = std::make_shared<bool>(false);
    CLI::App* roll_up = add_command(
        &app, "roll-up", "Sum up new and changed calls, so that long periods are answered fast (run it by a timer)",
        action, rebuild, +[](const bool& anew) { anew ? rebuild_sums() : admin::roll_up(); });
    roll_up->add_flag("--rebuild", *rebuild, "Make all sums anew from the calls; answers go on meanwhile");

    const auto sample = std::make_shared<std::optional<std::int64_t>>();
    CLI::App* check = app.add_subcommand("check", "Compare the sums with the calls, and list every difference");
    check->callback([&action, sample] { action = [sample] { return check_sums(*sample) ? 0 : 1; }; });
    check
        ->add_option_function<std::string>(
            "--sample", [sample](const std::string& text) { *sample = read_id(text); },
            "Only so many queues, drawn by chance")
        ->type_name("NUMBER");

    const auto before = std::make_shared<std::string>();
    CLI::App* pruned = add_command(
        &app, "prune",
        "Delete old calls, and what they add to the statistics; no event of a phone system brings one back", action,
        before, +[](const std::string& date) { prune(date); });
    pruned->add_option("--before", *before, "Those that started before this day, UTC")
        ->required()
        ->type_name("YYYY-MM-DD");
}

/// CLI11 would say of an unknown command that a command is missing.
std::string wrong_usage(const CLI::App* app, const CLI::Error& error) {
    const std::vector<std::string> rest = app->remaining(true);
    const bool no_command = std::string_view{error.what()} == CLI::RequiredError::Subcommand(1).what();
    const std::string what = no_command && !rest.empty() ? "there is no command " + rest.front() : error.what();
    return "queue-statistics: " + what + "\nSee: queue-statistics --help, also after any command\n";
}

}  // namespace

std::variant<Action, int> read_command_line(int argc, const char* const* argv) {
    Action action;
    CLI::App app{"Administers the database of queue-statistics.", "queue-statistics"};
    app.footer(kFooter);
    app.set_version_flag("--version", kVersion);
    app.set_help_flag("-h,--help", "Say what there is, here or after any command");
    app.require_subcommand(1);
    app.failure_message(wrong_usage);

    const auto dry_run = std::make_shared<bool>(false);
    CLI::App* migrate = add_command(
        &app, "migrate", "Create the schema queue_statistics in the database, or bring it up to date", action, dry_run,
        +[](const bool& dry) { admin::migrate(dry); });
    migrate->add_flag("--dry-run", *dry_run, "Print the SQL that would be run, and change nothing");
    add_grant_commands(app, action);
    add_customer_commands(app, action);
    add_queue_commands(app, action);
    add_destination_commands(app, action);
    add_person_commands(app, action);
    add_import_commands(app, action);
    add_map_commands(app, action);
    add_roll_up_commands(app, action);
    const auto check = std::make_shared<bool>(false);
    CLI::App* status_command = app.add_subcommand("status", "Say what is in the database, and what is wrong");
    status_command->add_flag("--check", *check,
                             "For a monitor: one line with performance data; exit 0 when all is well, 1 when something "
                             "is wrong, 2 when the database cannot be used");
    status_command->callback([&action, check] {
        action = [check] {
            if (*check) return check_status();
            status();
            return 0;
        };
    });

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& end) {
        return app.exit(end) == 0 ? 0 : 2;
    }
    return action;
}

}  // namespace admin
