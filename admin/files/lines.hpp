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
    std::string_view text;    ///< without its line end (LF or CR LF); valid until the file is read again
    bool too_long = false;    ///< the line is longer than kMaxBytes, and text holds only its beginning
};

/// Reads a text file, or standard input, line by line in bounded memory. The text may be plain or gzip, which the first
/// bytes tell. The file may grow while it is read.
class LineFile {
  public:
    static constexpr std::size_t kMaxBytes = 64 * 1024;

    /// path: `-` is standard input. Throws console::Refusal when the file cannot be opened.
    explicit LineFile(const std::string& path);

    /// Reads the next line that has its line end. Returns false when there is no such line yet. Throws console::Refusal
    /// when the file cannot be read.
    bool next(Line& line);

    /// Reads the last line when it lacks its line end. Returns false when there is no such line. Precondition: next()
    /// returned false.
    bool last(Line& line);

    /// The position in the text (of a gzip file: the uncompressed text): the byte behind the last line that was read.
    std::int64_t position() const { return position_; }

    /// Goes on at a position where a line begins. lines: how many lines stand before it. Throws console::Refusal.
    /// Precondition: next() was called, which finds out whether the file is gzip.
    void seek(std::int64_t position, std::int64_t lines);

    /// Whether the file has this text at this position now. True for every gzip file, because nobody writes into one.
    bool has(std::int64_t position, std::string_view text) const;

    FileState state() const { return input_.state(); }

    /// The path, or "standard input"; for messages.
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
    std::size_t searched_ = 0;  // from begin_ to here there is no line end
    std::size_t end_ = 0;       // of the bytes read so far
    std::int64_t position_ = 0;
    std::int64_t number_ = 0;
    std::int64_t dropped_ = 0;  // bytes of the current line that did not fit into the buffer
};

}  // namespace admin::files
