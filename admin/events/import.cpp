#include "admin/events/import.hpp"

#include <iostream>
#include <optional>

#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/events/queries.hpp"
#include "admin/files/time.hpp"
#include "admin/name.hpp"
#include "admin/site/lookup.hpp"
#include "admin/upkeep/sums.hpp"

namespace admin::events {

void take_time(Arguments& takes, const char* name, sql::Parameter& time, const char* help) {
    takes.value(
        name,
        [&time](const std::string& text) -> std::string {
            const std::optional<std::int64_t> read = files::read_time(text);
            if (!read)
                return "a time is Unix seconds or ISO 8601 with an offset, in 1970..9999, not " + in_quotes(text);
            files::append_time(time.emplace(), *read);
            return {};
        },
        help, "TIME");
}

void take_event_files(Arguments& takes, EventFiles& files, const std::string& a_bad) {
    takes.id("--customer", files.customer, "Whose queues they are; missing ones are made")
        .text_or_default("--source", files.source, "Which phone system wrote them", "NAME");
    take_time(takes, "--since", files.since, "Leave out events before this: Unix seconds, or ISO 8601 with an offset");
    take_time(takes, "--until", files.until, "Leave out events from this on");
    takes.flag("--strict", files.strict, "Import nothing if any " + a_bad + " is bad")
        .flag("--dry-run", files.dry_run, "Change nothing, only say what is in the files")
        .words("FILE", files.files, "The files; - is standard input");
}

EventImport::EventImport(std::int64_t customer)
    : customer_{std::to_string(customer)}, connection_{connect_migrated(Data::kCalls)} {
    site::require_current_customer(connection_, customer);
    connection_.script(queries::create_event_import_tables.text, sql::kNoDeadline);
}

void EventImport::report(const std::string& file, std::int64_t line, std::string_view problem) {
    ++bad_;
    progress_.clear();
    std::cerr << file << ':' << line << ": " << problem << '\n';
}

void EventImport::read(const sql::Statement& statement, const EventFiles& options) {
    progress_.step("all lines read; looking for calls in them");
    connection_.query(statement, {options.source}, sql::kNoDeadline);
    if (options.since || options.until)
        outside_ =
            connection_.query(queries::leave_out_events, {options.since, options.until}, sql::kNoDeadline).affected();
    connection_.script("truncate pg_temp.imported_lines", sql::kNoDeadline);
    const sql::Rows problems = connection_.query(queries::list_imported_problems, {}, sql::kNoDeadline);
    for (int i = 0; i < problems.size(); ++i)
        report(options.files.at(static_cast<std::size_t>(problems.integer(i, 0))), problems.integer(i, 1),
               problems.text(i, 2));
}

bool EventImport::load_each(const std::vector<std::string>& paths,
                            const std::function<void(const std::string&, int)>& load) {
    bool missing = false;
    for (std::size_t i = 0; i < paths.size(); ++i) {
        try {
            load(paths[i], static_cast<int>(i));
        } catch (const console::Refusal& refusal) {
            progress_.clear();
            std::cerr << "queue-statistics: " << refusal.what() << '\n';
            missing = true;
        }
    }
    return missing;
}

int EventImport::finish(bool missing, const EventFiles& options) {
    progress_.clear();
    if (options.strict && (missing || bad_ > 0)) {
        throw console::Refusal{console::counted(bad_, "line is bad", "lines are bad") +
                               (missing ? ", a file cannot be read" : "") + ": nothing is imported (--strict)"};
    }
    std::cout << console::counted(bad_, "bad line", "bad lines");
    if (options.since || options.until)
        std::cout << " and " << console::counted(outside_, "event", "events") << " of other times";
    std::cout << " left out\n";
    if (options.dry_run) {
        std::cout << "Dry run, nothing is changed.\n";
    } else {
        upkeep::begin_sums();
        fold(options.source);
        upkeep::roll_up_imported();
    }
    return missing || bad_ > 0 ? 1 : 0;
}

void EventImport::fold(const std::string& source) {
    site::refuse_foreign_queues(connection_.query(queries::list_foreign_queues, {customer_}, sql::kNoDeadline),
                                customer_);
    // One transaction per table, which ends before queues are made: making a queue waits for the events of phone
    // systems, and these wait for a locked table.
    for (const char* table : {"queues", "queue_destinations", "queue_destination_calls", "queue_calls"}) {
        sql::Transaction transaction{connection_, sql::kNoDeadline};
        advance_sequence(connection_, table);
        transaction.commit(sql::kNoDeadline);
    }
    const std::int64_t queues =
        connection_.query(queries::insert_imported_queues, {customer_}, sql::kNoDeadline).affected();
    const sql::Rows chunks = connection_.query(queries::list_imported_chunks, {}, sql::kNoDeadline);
    std::int64_t folded = 0;
    std::int64_t offers = 0;
    std::int64_t callers = 0;
    for (int i = 0; i < chunks.size(); ++i) {
        const sql::Rows grown = connection_.query(
            queries::fold_imported_events, {std::string{chunks.text(i, 0)}, std::string{chunks.text(i, 1)}, customer_},
            sql::kNoDeadline);
        offers += grown.integer(0, 0);
        callers += grown.integer(0, 1);
        folded += chunks.integer(i, 2);
        progress_.step(console::counted(folded, "event", "events") + " folded");
    }
    progress_.clear();
    std::cout << console::counted(offers, "offer", "offers") << " and "
              << console::counted(callers, "caller", "callers") << " added; "
              << console::counted(queues, "queue", "queues") << " made\n";
    const sql::Rows unmapped = connection_.query(queries::list_imported_unmapped, {customer_}, sql::kNoDeadline);
    for (int i = 0; i < unmapped.size(); ++i) {
        std::cout << "queue " << in_quotes(unmapped.text(i, 0))
                  << " is not mapped: " << console::counted(unmapped.integer(i, 1), "event waits", "events wait")
                  << " (queue-statistics map queue)\n";
    }
    if (offers > 0 || callers > 0) return;
    const sql::Rows others = connection_.query(queries::list_imported_by_others, {customer_}, sql::kNoDeadline);
    for (int i = 0; i < others.size(); ++i) {
        std::cout << "such events are in already, for customer " << others.integer(i, 0)
                  << "; to take them back: queue-statistics forget --source " << source << " --since "
                  << others.integer(i, 1) << " --until " << others.integer(i, 2) << '\n';
    }
}

}  // namespace admin::events
