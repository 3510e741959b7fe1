#include "admin/events/asterisk.hpp"

#include <iostream>
#include <map>
#include <string_view>

#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/events/asterisk_line.hpp"
#include "admin/events/import.hpp"
#include "admin/files/lines.hpp"
#include "admin/queries.hpp"

namespace admin {
namespace {

constexpr std::size_t kCopyPiece = 64 * 1024;
constexpr std::size_t kEventNames = 200;  // so that garbage cannot fill the memory

/// How many lines there are of each event.
class EventCounts {
  public:
    void add(std::string_view event) {
        const auto found = counts_.find(event);
        if (found != counts_.end()) {
            ++found->second;
        } else if (counts_.size() < kEventNames) {
            counts_.emplace(event, 1);
        } else {
            ++others_;
        }
    }

    /// `93 CONNECT, 51 COMPLETEAGENT`, by name.
    std::string text() const {
        std::string out;
        for (const auto& [event, count] : counts_)
            out.append(out.empty() ? "" : ", ").append(grouped(count) + ' ' + event);
        if (others_ > 0) out += ", " + grouped(others_) + " with other names";
        return out;
    }

  private:
    std::map<std::string, std::int64_t, std::less<>> counts_;
    std::int64_t others_ = 0;
};

/// Loads a file's good lines into imported_lines, and adds to lines how many it has. What was read before a file cannot
/// be read any further stays.
void load(EventImport& import, LineFile& file, int number, EventCounts& events, std::int64_t& lines) {
    sql::Connection& connection = import.connection();
    std::string piece;
    piece.reserve(2 * kCopyPiece);
    const auto add = [&](const Line& line) {
        import.progress().lines(++lines);
        if (line.text.empty()) return;
        AsteriskLine read;
        const std::string_view problem = read.read(line);
        if (!problem.empty()) return import.report(file.name(), line.number, problem);
        events.add(read.fields[AsteriskLine::kEvent]);
        piece += std::to_string(number) + '\t' + std::to_string(line.number);
        for (const std::string_view field : read.fields) {
            piece += '\t';
            append_escaped(piece, field);
        }
        piece += '\n';
        if (piece.size() < kCopyPiece) return;
        connection.copy_put(piece, sql::kNoDeadline);
        piece.clear();
    };
    connection.copy_begin("copy pg_temp.imported_lines from stdin", sql::kNoDeadline);
    const auto end = [&] {
        if (!piece.empty()) connection.copy_put(piece, sql::kNoDeadline);
        connection.copy_end(sql::kNoDeadline);
    };
    Line line;
    try {
        while (file.next(line)) add(line);
        if (file.last(line)) add(line);
    } catch (const Refusal&) {
        end();
        throw;
    }
    end();
}

}  // namespace

int import_asterisk(const AsteriskImport& options) {
    EventImport import{options.customer};
    EventCounts events;
    std::int64_t lines = 0;
    const bool missing = import.load_each(options.files, [&](const std::string& path, int number) {
        LineFile file{path};
        load(import, file, number, events, lines);
    });
    import.read(queries::read_asterisk_lines, options.source, options.files);
    import.progress().clear();
    std::cout << counted(lines, "line", "lines") << ": " << events.text() << '\n';
    return import.finish(missing, options.strict, options.dry_run);
}

}  // namespace admin
