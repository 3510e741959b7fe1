#include <cstdint>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <string_view>

#include "admin/command.hpp"
#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/events/asterisk_line.hpp"
#include "admin/events/commands.hpp"
#include "admin/events/follow.hpp"
#include "admin/events/import.hpp"
#include "admin/events/queries.hpp"
#include "admin/files/lines.hpp"

namespace admin::events {
namespace {

struct AsteriskImport : EventFiles {
    bool follow = false;  ///< reads the one file on as it grows
};

constexpr std::size_t kCopyPiece = 64 * 1024;
constexpr std::size_t kEventNames = 200;  // bounded, so that garbage cannot fill the memory

/// Counts the lines of each event.
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

    /// The counts in the order of the names, such as `51 COMPLETEAGENT, 93 CONNECT`.
    std::string text() const {
        std::string out;
        for (const auto& [event, count] : counts_)
            out.append(out.empty() ? "" : ", ").append(console::grouped(count) + ' ' + event);
        if (others_ > 0) out += ", " + console::grouped(others_) + " with other names";
        return out;
    }

  private:
    std::map<std::string, std::int64_t, std::less<>> counts_;
    std::int64_t others_ = 0;
};

/// Loads the good lines of a file into imported_lines, and adds the number of all its lines to `lines`. When the file
/// cannot be read to its end, the lines before that stay loaded.
void load(EventImport& import, files::LineFile& file, int number, EventCounts& events, std::int64_t& lines) {
    sql::Connection& connection = import.connection();
    std::string piece;
    piece.reserve(2 * kCopyPiece);
    const auto add = [&](const files::Line& line) {
        import.progress().lines(++lines);
        if (line.text.empty()) return;
        AsteriskLine read;
        const std::string_view problem = read.read(line);
        if (!problem.empty()) return import.report(file.name(), line.number, problem);
        events.add(read.fields[AsteriskLine::kEvent]);
        piece += std::to_string(number) + '\t' + std::to_string(line.number);
        for (const std::string_view field : read.fields) {
            piece += '\t';
            console::append_escaped(piece, field);
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
    files::Line line;
    try {
        while (file.next(line)) add(line);
        if (file.last(line)) add(line);
    } catch (const console::Refusal&) {
        end();
        throw;
    }
    end();
}

/// Imports the offers in queue_log files, plain or gzip, in any order. Returns the exit code, which is 1 when lines
/// were bad or a file was missing. Missing queues are made for the customer. The database folds the events in
/// transactions of about a thousand, so that a live phone system (PBX) never waits long. When a run is stopped, its
/// finished transactions stay, and the next run adds the rest.
int import_files(const EventFiles& options) {
    EventImport import{options.customer};
    EventCounts events;
    std::int64_t lines = 0;
    const bool missing = import.load_each(options.files, [&](const std::string& path, int number) {
        files::LineFile file{path};
        load(import, file, number, events, lines);
    });
    import.read(queries::read_asterisk_lines, options);
    import.progress().clear();
    std::cout << console::counted(lines, "line", "lines") << ": " << events.text() << '\n';
    return import.finish(missing, options);
}

int import_asterisk(const AsteriskImport& options) {
    return options.follow ? follow_asterisk(options.customer, options.source, options.files.front())
                          : import_files(options);
}

}  // namespace

void add_asterisk(Group& imports) {
    imports.command<AsteriskImport>(
        "asterisk",
        "Import queue_log files of Asterisk, plain or gzip, in any order. Events that are there already, from a file or"
        "\nlive, are not counted again. Bad lines are named and left out (exit 1)",
        import_asterisk, [](Arguments& takes, AsteriskImport& options) {
            options.source = "asterisk";
            take_event_files(takes, options, "line");
            takes
                .flag("--follow", options.follow,
                      "Read on in the one FILE as it grows and is rotated, until SIGTERM; the next run goes on where "
                      "this one ended")
                .not_with("--follow", {"--since", "--until", "--strict", "--dry-run"})
                .check([&options] {
                    const bool is_one = options.files.size() == 1 && options.files.front() != "-";
                    return options.follow && !is_one ? "--follow takes one file, which is not standard input" : "";
                });
        });
}

}  // namespace admin::events
