#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "admin/files/input.hpp"

struct gzFile_s;

namespace admin::files {

struct Line {
    std::int64_t number = 0;  ///< from 1
    std::string_view text;    ///< without its line end (LF or CR LF); valid until the next call
    bool too_long = false;    ///< over kMaxBytes: text has its beginning
};

/// A text file line by line in bounded memory, plain or gzip (told by its content), or standard input. The file may
/// grow while it is read.
class LineFile {
  public:
    static constexpr std::size_t kMaxBytes = 64 * 1024;

    /// path: `-` is standard input. Throws console::Refusal when it cannot be opened.
    explicit LineFile(const std::string& path);

    /// Reads the next line that has its line end; false when there is none yet. Throws Refusal.
    bool next(Line& line);

    /// The last line when it lacks its line end; false when there is none. Call it when next() has nothing more.
    bool last(Line& line);

    /// The byte behind the last line given, in the text (not in what gzip made of it).
    std::int64_t position() const { return position_; }

    /// Goes on at a byte where a line begins, before which there are so many lines. Throws Refusal. Precondition: a
    /// line was read (from then on it is known whether the file is gzip).
    void seek(std::int64_t position, std::int64_t lines);

    /// Whether the file has this text at this byte now. A gzip file is not looked into: nobody writes into one.
    bool has(std::int64_t position, std::string_view text) const;

    FileState state() const { return input_.state(); }

    /// For messages: the path, or "standard input".
    const std::string& name() const { return input_.name(); }

  private:
    struct Close {
        void operator()(gzFile_s* file) const;
    };

    bool fill();
    void give(Line& line, std::string_view text);

    InputFile input_;
    std::unique_ptr<gzFile_s, Close> file_;  // reads input_
    std::vector<char> buffer_;
    std::size_t begin_ = 0;     // of the current line in buffer_
    std::size_t searched_ = 0;  // up to here it has no line end
    std::size_t end_ = 0;       // of what was read
    std::int64_t position_ = 0;
    std::int64_t number_ = 0;
    std::int64_t dropped_ = 0;  // bytes of a line too long for the buffer
};

}  // namespace admin::files
