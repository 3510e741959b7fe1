#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <variant>

#include "admin/calls/commands.hpp"
#include "admin/command.hpp"
#include "admin/console/journal.hpp"
#include "admin/console/refusal.hpp"
#include "admin/database.hpp"
#include "admin/events/commands.hpp"
#include "admin/nodes/commands.hpp"
#include "admin/site/commands.hpp"
#include "admin/upkeep/commands.hpp"
#include "core/journal.hpp"
#include "core/setting_names.hpp"
#include "sql/connection.hpp"

namespace {

/// Adds all commands, in the order of --help.
void add_commands(admin::Group all) {
    admin::upkeep::add_migrate(all);
    admin::upkeep::add_grant(all);
    admin::site::add_customer(all);
    admin::site::add_queue(all);
    admin::site::add_destination(all);
    admin::site::add_person(all);
    admin::site::add_token(all);
    admin::Group imports = all.group("import", "Import calls");
    admin::calls::add_csv(imports);
    admin::events::add_asterisk(imports);
    admin::events::add_freeswitch(imports);
    admin::events::add_map(all);
    admin::events::add_forget(all);
    admin::upkeep::add_roll_up(all);
    admin::upkeep::add_check(all);
    admin::upkeep::add_prune(all);
    admin::upkeep::add_status(all);
    admin::nodes::add_shard(all);
}

bool writes_to_journal() {
    const char* const journal_stream = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    return journal_stream && fstat(STDERR_FILENO, &status) == 0 &&
           core::is_journal(journal_stream, status.st_dev, status.st_ino);
}

int fail(const std::string& why) {
    std::cout.flush();
    std::cerr << "queue-statistics: " << why << '\n';
    return 1;
}

int run(const admin::Action& action) {
    std::string unknown;
    for (const std::string_view name : core::unknown_settings(environ)) unknown.append("\n  ").append(name);
    if (!unknown.empty()) return fail("these environment variables are no settings of ours (mistyped?):" + unknown);
    try {
        const int code = action();
        std::cout.flush();
        return std::cout ? code : fail("standard output cannot be written");
    } catch (const admin::console::Refusal& refusal) {
        return fail(refusal.what());
    } catch (const sql::Failure& failure) {
        return fail(admin::explain(failure));
    } catch (const core::StoreFailure& failure) {
        return fail(failure.detail());
    } catch (const std::exception& error) {
        return fail(error.what());
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::optional<admin::console::ErrorPriority> errors;
    if (writes_to_journal()) errors.emplace(std::cerr);
    const auto asked = admin::read_command_line(argc, argv, add_commands);
    if (const int* code = std::get_if<int>(&asked)) return *code;
    return run(std::get<admin::Action>(asked));
}
