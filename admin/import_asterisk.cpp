#include "admin/import_asterisk.hpp"

#include <algorithm>
#include <iostream>
#include <map>
#include <string_view>

#include "admin/event_import.hpp"
#include "admin/line_file.hpp"
#include "admin/refusal.hpp"
#include "admin/text.hpp"
#include "core/query_string.hpp"

namespace admin {
namespace {

constexpr sql::Statement kReadAsteriskLines{
    "read_asterisk_lines",
#include "admin/queries/read_asterisk_lines.inc"
};

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

/// Appends a line of the log to out as one for COPY into imported_lines, and returns an empty text; or leaves out as it
/// was and returns what is wrong. event: the line's event, when it is good.
std::string_view append(int file, const Line& line, std::string& out, std::string_view& event) {
    constexpr std::size_t kFields = 5;  // time, call id, queue, agent, event; the rest is data
    if (line.too_long) return "the line is longer than 64 KiB";
    if (!core::is_text(line.text)) return "the line is not valid UTF-8, or has a NUL";
    std::string_view fields[kFields + 1];
    std::string_view rest = line.text;
    std::size_t count = 0;
    for (bool more = true; more; ++count) {
        const std::size_t end = count < kFields ? rest.find('|') : std::string_view::npos;
        more = end != std::string_view::npos;
        fields[count] = rest.substr(0, end);
        rest.remove_prefix(more ? end + 1 : rest.size());
    }
    if (count < kFields) return "fewer than five fields";
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (fields[0].empty() || !std::ranges::all_of(fields[0], is_digit)) return "no Unix seconds at the beginning";
    out += std::to_string(file) + '\t' + std::to_string(line.number);
    for (const std::string_view field : fields) {
        out += '\t';
        append_escaped(out, field);
    }
    out += '\n';
    event = fields[4];
    return {};
}

/// Loads a file's good lines into imported_lines, and adds to lines how many it has. What was read before a file cannot
/// be read any further stays.
void load(EventImport& import, LineFile& file, int number, EventCounts& events, std::int64_t& lines) {
    sql::Connection& connection = import.connection();
    std::string piece;
    piece.reserve(2 * kCopyPiece);
    const auto add = [&](const Line& line) {
        import.progress().lines(++lines);
        if (line.text.empty()) return;
        std::string_view event;
        const std::string_view problem = append(number, line, piece, event);
        if (problem.empty()) {
            events.add(event);
        } else {
            import.report(file.name(), line.number, problem);
        }
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
    import.read(kReadAsteriskLines, options.source, options.files);
    import.progress().clear();
    std::cout << counted(lines, "line", "lines") << ": " << events.text() << '\n';
    return import.finish(missing, options.strict, options.dry_run);
}

}  // namespace admin
