#include "admin/files/csv.hpp"

#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>

#include "admin/calls/columns.hpp"
#include "admin/calls/commands.hpp"
#include "admin/calls/queries.hpp"
#include "admin/command.hpp"
#include "admin/console/progress.hpp"
#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/files/input.hpp"
#include "admin/name.hpp"
#include "admin/site/lookup.hpp"
#include "admin/upkeep/sums.hpp"

namespace admin::calls {
namespace {

constexpr std::size_t kCopyPiece = 64 * 1024;

/// What an import of such rows takes. Both kinds have temporary tables of the same names.
struct Kind {
    const Layout& layout;
    const char* one;
    const char* many;
    const char* table;
    const sql::Statement& create_imported;
    const sql::Statement& match;
    const sql::Statement& update;
    const sql::Statement& insert;
    bool has_destinations;
};

constexpr Kind kOffers{kOfferLayout,
                       "offer",
                       "offers",
                       "queue_destination_calls",
                       queries::create_imported_offers,
                       queries::match_offers,
                       queries::update_matched_offers,
                       queries::insert_new_offers,
                       true};
constexpr Kind kCallers{kCallerLayout,
                        "caller",
                        "callers",
                        "queue_calls",
                        queries::create_imported_callers,
                        queries::match_callers,
                        queries::update_matched_callers,
                        queries::insert_new_callers,
                        false};

struct CsvImport {
    std::int64_t customer = 0;
    std::string file;      ///< `-`: standard input
    bool strict = false;   ///< nothing is imported if any line is bad
    bool dry_run = false;  ///< changes nothing
};

struct Counts {
    std::int64_t queues = 0;
    std::int64_t destinations = 0;
    std::int64_t added = 0;
    std::int64_t updated = 0;
    std::int64_t unchanged = 0;
    std::int64_t bad = 0;
};

/// Copies the good lines into imported_calls and names the bad ones. Returns the number of bad lines.
std::int64_t load(sql::Connection& connection, const Kind& kind, files::InputFile& file, console::Progress& progress) {
    files::CsvReader reader{[&file](char* buffer, std::size_t size) { return file.read(buffer, size); }};
    files::CsvRecord record;
    const bool has_header = reader.next(record);
    if (!has_header) throw console::Refusal{file.name() + " is empty: it needs at least a header line"};
    if (!record.problem.empty())
        throw console::Refusal{file.name() + ":" + std::to_string(record.line) +
                               ": the header line: " + std::string{record.problem}};
    const CsvColumns columns{kind.layout, record.fields};

    std::int64_t bad = 0;
    std::int64_t count = 0;
    std::string piece;
    piece.reserve(2 * kCopyPiece);
    connection.copy_begin("copy pg_temp.imported_calls from stdin", sql::kNoDeadline);
    while (reader.next(record)) {
        progress.lines(++count);
        const std::string problem =
            record.problem.empty() ? columns.append(record.line, record.fields, piece) : std::string{record.problem};
        if (!problem.empty()) {
            ++bad;
            progress.clear();
            std::cerr << file.name() << ':' << record.line << ": " << problem << '\n';
        }
        if (piece.size() < kCopyPiece) continue;
        connection.copy_put(piece, sql::kNoDeadline);
        piece.clear();
    }
    if (!piece.empty()) connection.copy_put(piece, sql::kNoDeadline);
    connection.copy_end(sql::kNoDeadline);
    return bad;
}

void analyze(sql::Connection& connection, const char* table) {
    connection.script(std::string{"analyze pg_temp."} + table, sql::kNoDeadline);
}

/// Runs work() in a transaction of its own.
void in_transaction(sql::Connection& connection, const auto& work) {
    sql::Transaction transaction{connection, sql::kNoDeadline};
    work();
    transaction.commit(sql::kNoDeadline);
}

/// Moves the sequences, and makes the queues and destinations that are missing: each in a transaction of its own, which
/// ends at once. Phone systems wait for each of these, so none may belong to the long transaction of merge().
void make_missing(sql::Connection& connection, const Kind& kind, const std::string& customer, Counts& counts) {
    const auto advance = [&connection](const char* table) {
        in_transaction(connection, [&] { advance_sequence(connection, table); });
    };
    advance("queues");
    advance(kind.table);
    counts.queues = connection.query(queries::insert_missing_queues, {customer}, sql::kNoDeadline).affected();
    if (!kind.has_destinations) return;
    advance("queue_destinations");
    counts.destinations =
        connection.query(queries::insert_missing_destinations, {customer}, sql::kNoDeadline).affected();
}

/// Finds what the loaded lines are, and counts it. Returns how many queues are missing.
std::int64_t match(sql::Connection& connection, const Kind& kind, const std::string& customer, Counts& counts) {
    connection.query(kind.match, {customer}, sql::kNoDeadline);
    analyze(connection, "matched_calls");
    const sql::Rows matched = connection.query(queries::count_matched_calls, {}, sql::kNoDeadline);
    counts.added = matched.integer(0, 1);
    counts.updated = matched.integer(0, 2);
    counts.unchanged = matched.integer(0, 3);
    return matched.integer(0, 0);
}

std::int64_t count_missing_destinations(sql::Connection& connection, const Kind& kind) {
    if (!kind.has_destinations) return 0;
    return connection.query(queries::count_missing_destinations, {}, sql::kNoDeadline).integer(0, 0);
}

/// Counts what an import would change.
void foresee(sql::Connection& connection, const Kind& kind, const std::string& customer, Counts& counts) {
    counts.queues = match(connection, kind, customer, counts);
    counts.destinations = count_missing_destinations(connection, kind);
}

/// Brings the loaded lines into the table of calls, in one transaction, while no other import for the customer does.
void merge(sql::Connection& connection, const Kind& kind, const std::string& customer, Counts& counts) {
    in_transaction(connection, [&] {
        if (connection.query(queries::try_lock_import, {customer}, sql::kNoDeadline).size() == 0) {
            std::cerr << "Another import for customer " << customer << " runs; waiting for its end.\n";
            connection.query(queries::lock_import, {customer}, sql::kNoDeadline);
        }
        if (match(connection, kind, customer, counts) + count_missing_destinations(connection, kind) > 0)
            throw console::Refusal{"a queue of the file was deleted or renamed meanwhile: try again"};
        if (counts.updated > 0) connection.query(kind.update, {}, sql::kNoDeadline);
        if (counts.added > 0) connection.query(kind.insert, {}, sql::kNoDeadline);
    });
}

void print(const Kind& kind, const Counts& counts, bool dry_run) {
    if (dry_run) std::cout << "Dry run, nothing is changed. It would be:\n";
    std::cout << console::counted(counts.added, kind.one, kind.many) << " added, " << console::grouped(counts.updated)
              << " updated, " << console::grouped(counts.unchanged) << " unchanged; "
              << console::counted(counts.queues, "queue", "queues");
    if (kind.has_destinations)
        std::cout << " and " << console::counted(counts.destinations, "destination", "destinations");
    std::cout << " made; " << console::counted(counts.bad, "bad line", "bad lines") << " left out\n";
}

/// Imports offers or callers. Returns the exit code, which is 1 when lines were bad. All calls come in one transaction:
/// a run that is stopped leaves no call behind, at most queues and destinations that it made.
///
/// An offer is known by queue, dtype, dnumber, uniqueid and start, a caller by queue, uniqueid and entered; and, among
/// lines that are equal in these, by its ordinal in the file. What the database has already gets the file's seconds,
/// outcome and in_progress when they differ. Missing queues and destinations are made; a removed destination stays
/// removed. Then the calls are summed.
int import_csv(const Kind& kind, const CsvImport& options) {
    files::InputFile file{options.file};
    sql::Connection connection = connect_migrated(Data::kCalls);
    site::require_current_customer(connection, options.customer);
    console::Progress progress;
    const std::string customer = std::to_string(options.customer);
    connection.script(kind.create_imported.text, sql::kNoDeadline);
    connection.script(queries::create_matched_calls.text, sql::kNoDeadline);
    Counts counts;
    counts.bad = load(connection, kind, file, progress);
    if (counts.bad > 0 && options.strict) {
        progress.clear();
        throw console::Refusal{console::counted(counts.bad, "line is bad", "lines are bad") +
                               ": nothing is imported (--strict)"};
    }
    progress.step("all lines read; bringing them into the tables");
    analyze(connection, "imported_calls");
    site::refuse_foreign_queues(connection.query(queries::list_foreign_queues, {customer}, sql::kNoDeadline), customer);
    if (options.dry_run) {
        foresee(connection, kind, customer, counts);
    } else {
        make_missing(connection, kind, customer, counts);
        merge(connection, kind, customer, counts);
    }
    progress.clear();
    print(kind, counts, options.dry_run);
    if (!options.dry_run && counts.added + counts.updated > 0) upkeep::roll_up_imported();
    return counts.bad > 0 ? 1 : 0;
}

void add(Group& imports, const char* name, const char* help, const Kind& kind) {
    imports.command<CsvImport>(
        name, help, [&kind](const CsvImport& options) { return import_csv(kind, options); },
        [](Arguments& takes, CsvImport& options) {
            takes.id("--customer", options.customer, "Whose queues they are; missing ones are made")
                .flag("--strict", options.strict, "Import nothing if any line is bad")
                .flag("--dry-run", options.dry_run, "Change nothing, only say what would be done")
                .text("FILE", options.file, "The file; - is standard input");
        });
}

}  // namespace

void add_csv(Group& imports) {
    add(imports, "csv",
        "Import offers from a CSV file with the columns queue, dtype, dnumber, uniqueid, start, ringtime, holdtime,\n"
        "talktime, outcome and, if need be, in_progress, named by a header line in any order. A second import of the\n"
        "same offers updates them. Bad lines are named and left out (exit 1)",
        kOffers);
    add(imports, "callers",
        "Import callers from a CSV file with the columns queue, uniqueid, entered, waittime, talktime, outcome and,\n"
        "if need be, in_progress, named by a header line in any order. A second import of the same callers updates\n"
        "them. Bad lines are named and left out (exit 1)",
        kCallers);
}

}  // namespace admin::calls
