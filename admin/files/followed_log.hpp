#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "admin/files/input.hpp"
#include "admin/files/lines.hpp"

namespace admin::files {

/// How far a log was read. The file is recognised by its first line and by the last line that was read, because
/// rotation changes a file's name, copying and compressing change its inode, and the system uses inodes again. Only
/// while first_line is empty do device, inode and modified tell the file.
struct LogPosition {
    std::int64_t device = 0;        ///< of the file
    std::int64_t inode = 0;         ///< of the file
    std::int64_t modified = 0;      ///< the file's time when it was opened first, in nanoseconds since 1970
    std::string first_line;         ///< the beginning of the file's first line; empty when the file had no line yet
    std::string last_line;          ///< the beginning of the last line read
    std::int64_t last_line_at = 0;  ///< the byte at which that line begins
    std::int64_t byte = 0;          ///< the byte at which the next line begins
    std::int64_t lines = 0;         ///< number of lines read of this file

    bool operator==(const LogPosition&) const = default;
};

/// A log that is read while it grows and is rotated. Rotation may rename the file and make a new one, or copy and
/// truncate it; it may compress files later, and it may run several times while nobody reads. Rotated files are found
/// beside the log: their name is the log's name, then `.` or `-`, then a number or a time, perhaps with `.gz` at the
/// end. They are read in the order of the time in their first line.
///
/// A renamed file is left only when the next file has a line: until then the phone system may still write into it.
///
/// A rotated file that begins before the one that is read but was written after it (the clock was set back) is left out
/// and named: it cannot be told from a file that was read already.
///
/// Limit: lines that come between the copy and the truncation of a copying rotation are lost to everyone.
class FollowedLog {
  public:
    struct Line {
        std::int64_t number;  ///< in its file, from 1
        std::string text;
        bool too_long;  ///< as in files::Line
    };

    /// Lines of one file that were read at once. A batch without lines says that a file was opened, so that the caller
    /// can store the position.
    struct Batch {
        std::string file;  ///< the file's path when it was opened
        std::vector<Line> lines;
        LogPosition after;  ///< the position behind these lines
    };

    /// position: where to go on; nullopt starts at the beginning of the log. say: tells the administrator what happens.
    FollowedLog(std::string path, const std::optional<LogPosition>& position,
                std::function<void(const std::string&)> say);

    /// Returns the next lines: at most a thousand, of about 1 MiB. Returns nullopt when there are none now, also when
    /// there is no file. After a rotation it takes at least two calls to go on with the next file. Throws
    /// console::Refusal when a file cannot be read.
    std::optional<Batch> read();

  private:
    using Clock = std::chrono::steady_clock;

    void take(Batch& batch);
    void add(Batch& batch, std::int64_t at, const files::Line& line) const;
    bool find();
    bool resume(const std::string& path);
    bool start(const std::string& path);
    bool is_rewritten(const LogPosition& position) const;
    /// What a rotated file begins with. It is read again only when the file's state has changed.
    struct Beginning {
        FileState state;
        std::string first_line;            // empty: there is none, or the file cannot be read yet
        std::optional<std::int64_t> time;  // of the first line that has one
        bool named = false;                // the administrator was told that the file is left out
    };

    std::optional<std::string> next_file();
    Beginning& beginning(const std::string& path, const FileState& state);
    bool rotated_unread() const;
    std::vector<std::string> rotated() const;

    std::string path_;
    std::function<void(const std::string&)> say_;
    LogPosition position_;
    bool positioned_;                 // position_ says where to go on
    std::unique_ptr<LineFile> file_;  // the file of position_, read up to there; null while it is not found
    bool waiting_ = false;            // the administrator was told that there is no log yet
    bool given_up_ = false;           // the file of position_ is not searched any more: go on with the next one
    std::optional<Clock::time_point> searching_since_;
    std::map<std::string, Beginning> beginnings_;  // of rotated files, by path
    std::optional<FileState> next_;                // the next file, after it was seen once
};

}  // namespace admin::files
