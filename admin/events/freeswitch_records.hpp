#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin/files/csv.hpp"
#include "admin/files/json.hpp"

namespace admin::events {

/// Reads the call detail records (CDR) of a file, and gives each as a JSON object in one line. The file may hold JSON
/// objects, one after the other or in an array (mod_json_cdr, a dump of FusionPBX's v_xml_cdr), or CSV with a header
/// line that names the columns (a template of mod_cdr_csv, an export of v_xml_cdr). The first byte that is not a space
/// tells the two apart.
class FreeswitchRecords {
  public:
    struct Record {
        std::int64_t line = 0;  ///< number of the line where the record begins, from 1
        std::string text;       ///< the JSON object, when the record is whole
        std::string problem;    ///< what is broken; empty when the record is whole
    };

    /// source: reads the file. name: the file's name, for messages. Throws console::Refusal when the header line is
    /// broken.
    FreeswitchRecords(files::CsvReader::Source source, const std::string& name);
    FreeswitchRecords(const FreeswitchRecords&) = delete;
    FreeswitchRecords& operator=(const FreeswitchRecords&) = delete;

    /// Reads the next record, whole or broken, into `record`. Returns false at the end.
    bool next(Record& record);

  private:
    char first_byte();
    std::size_t read(char* buffer, std::size_t size);

    files::CsvReader::Source source_;
    std::array<char, 4096> looked_at_{};  // what first_byte() read; the reader has yet to get begin_ to end_ of it
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::optional<files::CsvReader> csv_;  // either this reader or json_
    std::optional<files::JsonSplitter> json_;
    std::vector<std::string> columns_;
};

}  // namespace admin::events
