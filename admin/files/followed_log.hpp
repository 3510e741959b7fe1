#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "admin/files/lines.hpp"

namespace admin::files {

/// How far a log was read. A file is known by its beginning and by the line that was read last, for its name changes
/// with rotation, its inode when it is copied or compressed, and inodes are used again.
struct LogPosition {
    std::int64_t device = 0;  ///< of the file; tells while first_line is empty
    std::int64_t inode = 0;
    std::int64_t modified = 0;      ///< when it was begun with, nanoseconds since 1970; tells while first_line is empty
    std::string first_line;         ///< its beginning; empty: nothing was read
    std::string last_line;          ///< the beginning of the last line read
    std::int64_t last_line_at = 0;  ///< the byte at which that line begins
    std::int64_t byte = 0;          ///< behind that line
    std::int64_t lines = 0;         ///< read so far

    bool operator==(const LogPosition&) const = default;
};

/// A log that is read while it grows and is rotated. Rotation may rename the file and make a new one, or copy and
/// truncate it, and compress it later, also several times while nobody reads: rotated files are found beside the log,
/// by a name that goes on after the log's with `.` or `-` and a number or time, perhaps `.gz`, and come in the order of
/// their first line's time.
///
/// A renamed file is left when the next one has a line: until then the phone system may still write into it.
///
/// Limit: what a copying rotation cuts off between its copy and its truncation is lost to everyone.
class FollowedLog {
  public:
    struct Line {
        std::int64_t number;  ///< in its file, from 1
        std::string text;
        bool too_long;  ///< as files::Line
    };

    /// Lines that were read in one go, from one file; none when a file was begun, so that its position can be kept.
    struct Batch {
        std::string file;  ///< its name when it was opened
        std::vector<Line> lines;
        LogPosition after;  ///< where it goes on
    };

    /// position: where to go on; none: at the beginning of the log. say: tells the administrator what happens.
    FollowedLog(std::string path, const std::optional<LogPosition>& position,
                std::function<void(const std::string&)> say);

    /// The next lines, a thousand or 1 MiB at most; none when there are none by now (also when there is no file). After
    /// a rotation it takes two calls to go on with the next file. Throws console::Refusal when a file cannot be read.
    std::optional<Batch> read();

  private:
    using Clock = std::chrono::steady_clock;

    void take(Batch& batch);
    void add(Batch& batch, std::int64_t at, const files::Line& line) const;
    bool find();
    bool resume(const std::string& path);
    bool start(const std::string& path);
    bool is_rewritten(const LogPosition& position) const;
    std::optional<std::string> next_file();
    bool rotated_unread() const;
    std::vector<std::string> rotated() const;

    std::string path_;
    std::function<void(const std::string&)> say_;
    LogPosition position_;
    bool positioned_;                 // position_ says where to go on
    std::unique_ptr<LineFile> file_;  // at position_; null: not found
    bool waiting_ = false;            // for the log itself to be there: said
    bool given_up_ = false;           // the file of position_ cannot be found, or was read to its end
    std::optional<Clock::time_point> searching_since_;
    std::optional<FileState> next_;  // seen once
};

}  // namespace admin::files
