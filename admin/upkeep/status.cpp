#include <algorithm>
#include <chrono>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "admin/command.hpp"
#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/name.hpp"
#include "admin/upkeep/commands.hpp"
#include "admin/upkeep/metrics.hpp"
#include "admin/upkeep/queries.hpp"
#include "sql/migrate.hpp"
#include "sql/node.hpp"
#include "sql/store.hpp"

namespace admin::upkeep {
namespace {

/// Each statement returns one row per problem: a sentence that says the problem and its remedy.
constexpr sql::Statement kProblems[]{
    queries::problem_no_reader,          queries::problem_functions,       queries::problem_constraints,
    queries::problem_lagging_sequences,  queries::problem_customer_cycles, queries::problem_calls_in_progress,
    queries::problem_calls_ahead,        queries::problem_lost_seal,       queries::problem_roll_up,
    queries::problem_unmapped_queues,    queries::problem_events,          queries::problem_kept_events,
    queries::problem_phone_system_roles,
};

/// A duration in the largest unit of which there are at least two, such as "3 hours".
std::string in_words(std::int64_t seconds) {
    if (seconds < 120) return console::counted(seconds, "second", "seconds");
    if (seconds < 2 * 3600) return console::counted(seconds / 60, "minute", "minutes");
    if (seconds < 2 * 86400) return console::counted(seconds / 3600, "hour", "hours");
    return console::counted(seconds / 86400, "day", "days");
}

std::string newest_call(sql::Connection& connection) {
    const sql::Rows rows = connection.query(queries::newest_call, {}, sql::kNoDeadline);
    if (rows.size() == 0) return "none";
    const std::int64_t age = rows.integer(0, 1);
    return std::string{rows.text(0, 0)} + " UTC, " + (age < 0 ? "in " + in_words(-age) : in_words(age) + " ago");
}

/// Names the people whose hash the responder refuses, or says how many to a role that may not read names. Returns at
/// most one sentence.
std::vector<std::string> hash_problems(sql::Connection& connection) {
    const sql::Rows rows = connection.query(queries::count_refused_hashes, {}, sql::kNoDeadline);
    std::int64_t unnamed = rows.integer(0, 0);
    if (unnamed == 0) return {};
    if (rows.is_null(0, 1)) {
        return {"the stored password hash of " + console::counted(unnamed, "person", "people") +
                " is too weak, too dear to verify, or none, so that they cannot log in. Run queue-statistics status as "
                "the owner of the tables, which names them"};
    }
    std::string names;
    std::istringstream lines{std::string{rows.text(0, 1)}};
    for (std::string name; std::getline(lines, name); --unnamed)
        names.append(names.empty() ? "" : ", ").append(in_quotes(name));
    if (unnamed > 0) names += " and " + std::to_string(unnamed) + " more";
    return {"the stored password hash is too weak, too dear to verify, or none, so that these cannot log in: " + names +
            ". Give them a new one: queue-statistics person password USERNAME"};
}

/// Such as "12 MB: calls 8192 kB, events 4096 kB".
std::string sizes(sql::Connection& connection) {
    const sql::Rows rows = connection.query(queries::table_sizes, {}, sql::kNoDeadline);
    std::string parts;
    for (int i = 0; i + 1 < rows.size(); ++i)
        parts.append(i > 0 ? ", " : "").append(rows.text(i, 0)).append(" ").append(rows.text(i, 1));
    return std::string{rows.text(rows.size() - 1, 1)} + ": " + parts;
}

std::vector<std::string> problems(sql::Connection& connection) {
    std::vector<std::string> all = hash_problems(connection);
    const auto add = [&](const sql::Statement& statement) {
        const sql::Rows rows = connection.query(statement, {}, sql::kNoDeadline);
        for (int i = 0; i < rows.size(); ++i) all.emplace_back(rows.text(i, 0));
    };
    for (const sql::Statement& statement : kProblems) add(statement);
    const sql::Node node = sql::node_of(connection, sql::kNoDeadline);
    if (node.kind == sql::NodeKind::kShard) add(queries::problem_shard);
    if (node.kind == sql::NodeKind::kRouter) {
        add(queries::problem_router);
        try {
            add(queries::problem_shards);
        } catch (const sql::Failure& failure) {
            if (failure.sqlstate() != kNotPermitted) throw;  // a monitor's role may not ask the shards
        }
    }
    return all;
}

/// Prints what is in the database, and in words what is wrong with it.
void print_status() {
    sql::Connection connection = connect_migrated(Data::kAny);
    const sql::Node node = sql::node_of(connection, sql::kNoDeadline);
    if (node.kind == sql::NodeKind::kRouter) std::cout << "node          router\n";
    if (node.kind == sql::NodeKind::kShard) std::cout << "node          shard " << node.shard << '\n';
    std::cout << "schema        " << sql::current_version(connection, sql::kNoDeadline) << ", which fits this program ("
              << sql::kOldestSchema << " to " << sql::kNewestSchema << ")\n";
    const sql::Rows rows = connection.query(queries::count_rows, {}, sql::kNoDeadline);
    const auto line = [&rows](std::string_view label, int column, std::string_view ended) {
        std::cout << label << console::grouped(rows.integer(0, column));
        if (rows.integer(0, column + 1) > 0)
            std::cout << ", " << console::grouped(rows.integer(0, column + 1)) << ' ' << ended;
        std::cout << '\n';
    };
    line("customers     ", 0, "of them deleted");
    line("queues        ", 2, "of them deleted");
    line("destinations  ", 4, "of them removed");
    line("people        ", 6, "of them disabled");
    const auto counted = [](const sql::Rows& counts) {
        return (counts.boolean(0, 1) ? "" : "about ") + console::grouped(counts.integer(0, 0));
    };
    std::cout << "calls         " << counted(connection.query(queries::count_calls, {}, sql::kNoDeadline)) << '\n';
    const sql::Rows callers = connection.query(queries::count_callers, {}, sql::kNoDeadline);
    std::cout << "callers       " << counted(callers);
    if (!callers.is_null(0, 2)) std::cout << ", known since " << callers.text(0, 2) << " UTC";
    std::cout << '\n';
    std::cout << "newest call   " << newest_call(connection) << '\n';
    std::cout << "size          " << sizes(connection) << '\n';
    const auto lines = [](std::string_view label, const sql::Rows& texts) {
        for (int i = 0; i < texts.size(); ++i) std::cout << label << texts.text(i, 0) << '\n';
    };
    lines("phone system  ", connection.query(queries::list_phone_system_roles, {std::nullopt}, sql::kNoDeadline));
    lines("open          ", connection.query(queries::list_open_rights, {}, sql::kNoDeadline));
    std::cout << '\n';

    const std::vector<std::string> wrong = problems(connection);
    if (wrong.empty()) {
        std::cout << "Nothing is wrong.\n";
        return;
    }
    std::cout << console::counted(static_cast<std::int64_t>(wrong.size()), "thing is", "things are") << " wrong:\n";
    for (const std::string& problem : wrong) std::cout << "- " << problem << '\n';
}

/// Prints one line for a monitoring system, like a plugin of Nagios: `QUEUE STATISTICS OK - ...`, then `|` and
/// performance data. WARNING stands for a problem in a database that can be used, CRITICAL for a database that cannot
/// be used. Returns the exit code: 0, 1 or 2. Does not throw when the database is away.
int check_status() {
    const auto begin = std::chrono::steady_clock::now();
    int code = 0;
    std::string said;
    std::string figures;
    try {
        sql::Connection connection = connect_migrated(Data::kAny);
        const std::vector<std::string> wrong = problems(connection);
        for (const std::string& problem : wrong) said.append(said.empty() ? "" : "; ").append(problem);
        if (wrong.empty()) said = "newest call: " + newest_call(connection);
        code = wrong.empty() ? 0 : 1;
        figures = " problems=" + std::to_string(wrong.size()) + ";0";
    } catch (const sql::Failure& failure) {
        code = 2;
        said = explain(failure);
    } catch (const console::Refusal& refusal) {
        code = 2;
        said = refusal.what();
    }
    // A line feed would end the line, a `|` the text before the performance data.
    std::ranges::replace_if(
        said, [](char c) { return c == '\n' || c == '|'; }, ' ');
    constexpr std::string_view kWords[]{"OK", "WARNING", "CRITICAL"};
    const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    std::cout << "QUEUE STATISTICS " << kWords[code] << " - " << said << " | time=" << time.count() << "ms" << figures
              << '\n';
    return code;
}

void print_metrics() {
    sql::Connection connection = connect_migrated(Data::kAny);
    std::cout << metrics_text(connection, problems(connection).size());
}

struct StatusOptions {
    bool check = false;
    bool prometheus = false;
};

int status(const StatusOptions& options) {
    if (options.check) return check_status();
    options.prometheus ? print_metrics() : print_status();
    return 0;
}

}  // namespace

void add_status(Group& all) {
    all.command<StatusOptions>(
        "status", "Say what is in the database, and what is wrong", status,
        [](Arguments& takes, StatusOptions& options) {
            takes
                .flag("--check", options.check,
                      "For a monitor: one line with performance data; exit 0 when all is well, 1 when something is "
                      "wrong, 2 when the database cannot be used")
                .flag("--prometheus", options.prometheus,
                      "For Prometheus: metrics, for node_exporter's textfile folder")
                .not_with("--prometheus", {"--check"});
        });
}

}  // namespace admin::upkeep
