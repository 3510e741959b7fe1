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

/// The call detail records of a file, each as a JSON object in one line. The file has JSON objects, one after the other
/// or in an array (mod_json_cdr, a dump of FusionPBX's v_xml_cdr), or is CSV with a header line that names the columns
/// (a template of mod_cdr_csv, an export of v_xml_cdr); its first byte that is no space tells which.
class FreeswitchRecords {
  public:
    struct Record {
        std::int64_t line = 0;  ///< where it begins, from 1
        std::string text;       ///< the object, when there is no problem
        std::string problem;    ///< empty: there is none
    };

    /// source: gives the file. name: the file's, for messages. Throws console::Refusal when the header line is broken.
    FreeswitchRecords(files::CsvReader::Source source, const std::string& name);
    FreeswitchRecords(const FreeswitchRecords&) = delete;
    FreeswitchRecords& operator=(const FreeswitchRecords&) = delete;

    /// Reads the next record, or broken one, into record; false at the end.
    bool next(Record& record);

  private:
    char first_byte();
    std::size_t read(char* buffer, std::size_t size);

    files::CsvReader::Source source_;
    std::array<char, 4096> looked_at_{};  // by first_byte(), and not read by a reader since: begin_ to end_
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::optional<files::CsvReader> csv_;  // or
    std::optional<files::JsonSplitter> json_;
    std::vector<std::string> columns_;
};

}  // namespace admin::events
