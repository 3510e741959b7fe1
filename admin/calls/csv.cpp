#include "admin/calls/csv.hpp"

#include <iostream>
#include <string_view>

#include "admin/calls/offer.hpp"
#include "admin/console/progress.hpp"
#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/files/csv.hpp"
#include "admin/files/input.hpp"
#include "admin/queries.hpp"
#include "admin/site/customer.hpp"

namespace admin {
namespace {

constexpr std::size_t kCopyPiece = 64 * 1024;

struct Counts {
    std::int64_t queues = 0;
    std::int64_t destinations = 0;
    std::int64_t added = 0;
    std::int64_t updated = 0;
    std::int64_t unchanged = 0;
    std::int64_t bad = 0;
};

/// Copies the good lines into imported_offers and names the bad ones; returns how many those are.
std::int64_t load(sql::Connection& connection, InputFile& file, Progress& progress) {
    CsvReader reader{[&file](char* buffer, std::size_t size) { return file.read(buffer, size); }};
    CsvRecord record;
    const bool has_header = reader.next(record);
    if (!has_header) throw Refusal{file.name() + " is empty: it needs at least a header line"};
    if (!record.problem.empty())
        throw Refusal{file.name() + ":" + std::to_string(record.line) +
                      ": the header line: " + std::string{record.problem}};
    const OfferColumns columns{record.fields};

    std::int64_t bad = 0;
    std::int64_t count = 0;
    std::string piece;
    piece.reserve(2 * kCopyPiece);
    connection.copy_begin("copy pg_temp.imported_offers from stdin", sql::kNoDeadline);
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

/// Brings what was loaded into the tables, or only counts what that would do.
Counts merge(sql::Connection& connection, const CsvImport& options) {
    const std::string customer = std::to_string(options.customer);
    Counts counts;
    if (!options.dry_run) {
        advance_sequence(connection, "queues");
        counts.queues = connection.query(queries::insert_missing_queues, {customer}, sql::kNoDeadline).affected();
        advance_sequence(connection, "queue_destinations");
        counts.destinations =
            connection.query(queries::insert_missing_destinations, {customer}, sql::kNoDeadline).affected();
    }
    connection.query(queries::match_offers, {customer}, sql::kNoDeadline);
    analyze(connection, "matched_offers");
    const sql::Rows matched = connection.query(queries::count_matched_offers, {}, sql::kNoDeadline);
    if (options.dry_run) {
        counts.queues = matched.integer(0, 0);
        counts.destinations = matched.integer(0, 1);
    }
    counts.added = matched.integer(0, 2);
    counts.updated = matched.integer(0, 3);
    counts.unchanged = matched.integer(0, 4);
    if (options.dry_run) return counts;
    if (counts.updated > 0) connection.query(queries::update_matched_calls, {}, sql::kNoDeadline);
    if (counts.added > 0) {
        advance_sequence(connection, "queue_destination_calls");
        connection.query(queries::insert_new_calls, {}, sql::kNoDeadline);
    }
    return counts;
}

void print(const Counts& counts, bool dry_run) {
    if (dry_run) std::cout << "Dry run, nothing is changed. It would be:\n";
    std::cout << counted(counts.added, "offer", "offers") << " added, " << grouped(counts.updated) << " updated, "
              << grouped(counts.unchanged) << " unchanged; " << counted(counts.queues, "queue", "queues") << " and "
              << counted(counts.destinations, "destination", "destinations") << " made; "
              << counted(counts.bad, "bad line", "bad lines") << " left out\n";
}

}  // namespace

int import_csv(const CsvImport& options) {
    InputFile file{options.file};
    sql::Connection connection = connect_migrated();
    require_current_customer(connection, options.customer);
    Progress progress;
    sql::Transaction transaction{connection, sql::kNoDeadline};
    const std::string customer = std::to_string(options.customer);
    if (!connection.query(queries::try_lock_import, {customer}, sql::kNoDeadline).boolean(0, 0)) {
        std::cerr << "Another import for customer " << customer << " runs; waiting for its end.\n";
        connection.query(queries::lock_import, {customer}, sql::kNoDeadline);
    }
    connection.script(queries::create_import_tables.text, sql::kNoDeadline);
    const std::int64_t bad = load(connection, file, progress);
    if (bad > 0 && options.strict) {
        progress.clear();
        throw Refusal{counted(bad, "line is bad", "lines are bad") + ": nothing is imported (--strict)"};
    }
    progress.step("all lines read; bringing them into the tables");
    analyze(connection, "imported_offers");
    Counts counts = merge(connection, options);
    if (!options.dry_run) transaction.commit(sql::kNoDeadline);
    counts.bad = bad;
    progress.clear();
    print(counts, options.dry_run);
    return bad > 0 ? 1 : 0;
}

}  // namespace admin
