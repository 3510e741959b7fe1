#include "admin/events/freeswitch.hpp"

#include <algorithm>
#include <iostream>
#include <optional>
#include <string_view>

#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/events/import.hpp"
#include "admin/files/csv.hpp"
#include "admin/files/input.hpp"
#include "admin/files/json.hpp"
#include "admin/queries.hpp"
#include "core/query_string.hpp"

namespace admin {
namespace {

constexpr std::size_t kCopyPiece = 64 * 1024;

/// A file whose first byte that is no space was looked at, and is read again.
class PeekedFile {
  public:
    explicit PeekedFile(const std::string& path) : file_{path} {
        while (size_ == 0 && (size_ = file_.read(buffer_, sizeof buffer_)) > 0) {
            while (begin_ < size_ && std::string_view{" \t\r\n"}.find(buffer_[begin_]) != std::string_view::npos)
                ++begin_;
            first_ = begin_ < size_ ? buffer_[begin_] : '\0';
        }
        begin_ = 0;
    }
    char first() const { return first_; }
    const std::string& name() const { return file_.name(); }
    std::size_t read(char* buffer, std::size_t size) {
        if (begin_ == size_) return file_.read(buffer, size);
        const std::size_t count = std::min(size, size_ - begin_);
        std::copy_n(buffer_ + begin_, count, buffer);
        begin_ += count;
        return count;
    }

  private:
    InputFile file_;
    char buffer_[4096];
    std::size_t begin_ = 0;
    std::size_t size_ = 0;
    char first_ = '\0';
};

void append_json_string(std::string& out, std::string_view value) {
    out += '"';
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += {'\\', c};
        } else if (byte < 0x20) {
            constexpr char kHex[] = "0123456789abcdef";
            out += {'\\', 'u', '0', '0', kHex[byte >> 4U], kHex[byte & 0xFU]};
        } else {
            out += c;
        }
    }
    out += '"';
}

/// The records of a file, whichever its form is, each as a JSON object in one line.
class Records {
  public:
    explicit Records(PeekedFile& file) {
        const auto source = [&file](char* buffer, std::size_t size) { return file.read(buffer, size); };
        if (file.first() == '{' || file.first() == '[') {
            json_.emplace(source);
            return;
        }
        csv_.emplace(source);
        CsvRecord header;
        if (!csv_->next(header)) return;
        if (!header.problem.empty()) throw Refusal{file.name() + ": the header line: " + std::string{header.problem}};
        columns_ = header.fields;
    }

    bool next(std::int64_t& line, std::string& text, std::string& problem) {
        if (json_) {
            JsonSplitter::Object object;
            if (!json_->next(object)) return false;
            line = object.line;
            text = std::move(object.text);
            problem = object.problem;
        } else {
            CsvRecord record;
            if (!csv_->next(record)) return false;
            line = record.line;
            problem = record.problem;
            if (problem.empty() && record.fields.size() != columns_.size())
                problem = counted(static_cast<std::int64_t>(record.fields.size()), "field", "fields") + " for " +
                          counted(static_cast<std::int64_t>(columns_.size()), "column", "columns");
            text = "{";
            for (std::size_t i = 0; problem.empty() && i < columns_.size(); ++i) {
                if (i > 0) text += ',';
                append_json_string(text, columns_[i]);
                text += ':';
                append_json_string(text, record.fields[i]);
            }
            text += '}';
        }
        if (problem.empty() && !core::is_text(text)) problem = "the record is not valid UTF-8, or has a NUL";
        return true;
    }

  private:
    std::optional<CsvReader> csv_;  // or
    std::optional<JsonSplitter> json_;
    std::vector<std::string> columns_;
};

void load(EventImport& import, const std::string& path, int number, std::int64_t& count) {
    PeekedFile file{path};
    Records records{file};
    sql::Connection& connection = import.connection();
    std::string piece;
    connection.copy_begin("copy pg_temp.imported_lines from stdin", sql::kNoDeadline);
    const auto put = [&] {
        if (!piece.empty()) connection.copy_put(piece, sql::kNoDeadline);
        piece.clear();
    };
    try {
        std::int64_t line = 0;
        std::string text;
        std::string problem;
        while (records.next(line, text, problem)) {
            import.progress().lines(++count);
            if (!problem.empty()) {
                import.report(file.name(), line, problem);
                continue;
            }
            piece += std::to_string(number) + '\t' + std::to_string(line) + "\t\t\t\t\t\t";
            append_escaped(piece, text);
            piece += '\n';
            if (piece.size() >= kCopyPiece) put();
        }
    } catch (const Refusal&) {
        put();
        connection.copy_end(sql::kNoDeadline);
        throw;
    }
    put();
    connection.copy_end(sql::kNoDeadline);
}

}  // namespace

int import_freeswitch(const FreeswitchImport& options) {
    EventImport import{options.customer};
    std::int64_t records = 0;
    const bool missing = import.load_each(
        options.files, [&](const std::string& path, int number) { load(import, path, number, records); });
    import.read(queries::read_freeswitch_records, options.source, options.files);
    std::cout << counted(records, "record", "records") << '\n';
    return import.finish(missing, options.strict, options.dry_run);
}

}  // namespace admin
