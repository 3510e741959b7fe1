#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// CSV by RFC 4180. Commas separate fields; line ends (CR LF or LF) separate records, and the last line end may lack. A
/// field in quotes may hold commas, line ends, and quotes written twice. A field that is not in quotes may not hold a
/// quote. A byte order mark at the start and blank lines are skipped. Neither encodings nor meanings of fields are
/// looked at.
namespace admin::files {

struct CsvRecord {
    std::int64_t line = 0;            ///< number of the record's first line, from 1
    std::string_view problem;         ///< what is broken; empty when the record is whole
    std::vector<std::string> fields;  ///< at least one, when the record is whole
};

/// Reads record by record in bounded memory. After a broken record it goes on with the line after the one in which the
/// record begins, so that one stray quote does not break the lines below: `a"b\nc\n` is a broken record in line 1 and a
/// whole one in line 2.
class CsvReader {
  public:
    /// A longer record is broken.
    static constexpr std::size_t kMaxRecordBytes = 64 * 1024;

    /// Writes at most `size` bytes into the buffer and returns how many; 0 only at the end. next() lets its exceptions
    /// through.
    using Source = std::function<std::size_t(char* buffer, std::size_t size)>;

    explicit CsvReader(Source source);

    /// Reads the next record, whole or broken, into `record`. Returns false at the end.
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
    std::size_t end_ = 0;    // of the bytes read so far
    bool ended_ = false;
    std::int64_t line_ = 1;
};

}  // namespace admin::files
