#include <cstdint>
#include <iostream>
#include <string>

#include "admin/command.hpp"
#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/events/commands.hpp"
#include "admin/events/freeswitch_records.hpp"
#include "admin/events/import.hpp"
#include "admin/events/queries.hpp"
#include "admin/files/input.hpp"

namespace admin::events {
namespace {

constexpr std::size_t kCopyPiece = 64 * 1024;

void load(EventImport& import, const std::string& path, int number, std::int64_t& count) {
    files::InputFile file{path};
    FreeswitchRecords records{[&file](char* buffer, std::size_t size) { return file.read(buffer, size); }, file.name()};
    sql::Connection& connection = import.connection();
    std::string piece;
    connection.copy_begin("copy pg_temp.imported_lines from stdin", sql::kNoDeadline);
    const auto put = [&] {
        if (!piece.empty()) connection.copy_put(piece, sql::kNoDeadline);
        piece.clear();
    };
    try {
        FreeswitchRecords::Record record;
        while (records.next(record)) {
            import.progress().lines(++count);
            if (!record.problem.empty()) {
                import.report(file.name(), record.line, record.problem);
                continue;
            }
            piece += std::to_string(number) + '\t' + std::to_string(record.line) + "\t\t\t\t\t\t";
            console::append_escaped(piece, record.text);
            piece += '\n';
            if (piece.size() >= kCopyPiece) put();
        }
    } catch (const console::Refusal&) {
        put();
        connection.copy_end(sql::kNoDeadline);
        throw;
    }
    put();
    connection.copy_end(sql::kNoDeadline);
}

/// Imports the offers in call detail records (CDR) that have the variables of mod_callcenter. FreeswitchRecords says
/// which forms the files may have. All else is as in import_files() of asterisk.cpp.
int import_freeswitch(const EventFiles& options) {
    EventImport import{options.customer};
    std::int64_t records = 0;
    const bool missing = import.load_each(
        options.files, [&](const std::string& path, int number) { load(import, path, number, records); });
    import.read(queries::read_freeswitch_records, options);
    std::cout << console::counted(records, "record", "records") << '\n';
    return import.finish(missing, options);
}

}  // namespace

void add_freeswitch(Group& imports) {
    imports.command<EventFiles>(
        "freeswitch",
        "Import call detail records of FreeSWITCH with the variables of mod_callcenter: JSON (mod_json_cdr, "
        "FusionPBX's\nv_xml_cdr), or CSV with a header line. Calls that are there already, of a record or live, are "
        "not "
        "counted\nagain. Bad records are named and left out (exit 1)",
        import_freeswitch, [](Arguments& takes, EventFiles& options) {
            options.source = "freeswitch";
            take_event_files(takes, options, "record");
        });
}

}  // namespace admin::events
