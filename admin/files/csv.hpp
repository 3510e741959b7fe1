#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// CSV after RFC 4180: fields between commas, records between line ends (CR LF or LF; the last may lack it). A field
/// within quotes may hold commas, line ends, and quotes written twice; outside of quotes there are no quotes. A byte
/// order mark at the start and blank lines are skipped. Knows nothing of encodings or of what fields mean.
namespace admin::files {

struct CsvRecord {
    std::int64_t line = 0;            ///< the number of its first line, from 1
    std::string_view problem;         ///< why the line is no record; empty: it is one
    std::vector<std::string> fields;  ///< at least one, when there is no problem
};

/// Reads record by record in bounded memory. After a broken one it goes on at the next line, so that one stray quote
/// does not take the lines after it along: `a"b\nc\n` is a broken line 1 and a record of line 2.
class CsvReader {
  public:
    /// A longer record is a broken one.
    static constexpr std::size_t kMaxRecordBytes = 64 * 1024;

    /// Fills at most `size` bytes and returns how many; 0 only at the end. What it throws goes through next().
    using Source = std::function<std::size_t(char* buffer, std::size_t size)>;

    explicit CsvReader(Source source);

    /// Reads the next record, or broken line, into record; false at the end.
    bool next(CsvRecord& record);

  private:
    static constexpr int kEnd = -1;

    int at(std::size_t offset);
    bool fill();
    void skip_line();
    std::size_t read_fields(CsvRecord& record);
    std::size_t read_quoted(std::size_t offset, CsvRecord& record, std::string& field);

    Source source_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;  // of the current record in buffer_
    std::size_t end_ = 0;    // of what was read
    bool ended_ = false;
    std::int64_t line_ = 1;
};

}  // namespace admin::files
