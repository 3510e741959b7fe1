#include "admin/events/freeswitch_records.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "core/text.hpp"

namespace admin::events {
namespace {

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

}  // namespace

FreeswitchRecords::FreeswitchRecords(files::CsvReader::Source source, const std::string& name)
    : source_{std::move(source)} {
    const char first = first_byte();
    const auto rest = [this](char* buffer, std::size_t size) { return read(buffer, size); };
    if (first == '{' || first == '[') {
        json_.emplace(rest);
        return;
    }
    csv_.emplace(rest);
    files::CsvRecord header;
    if (!csv_->next(header)) return;
    if (!header.problem.empty()) throw console::Refusal{name + ": the header line: " + std::string{header.problem}};
    columns_ = header.fields;
}

/// The first byte of the file that is not a space; 0 when the first piece of the file has none.
char FreeswitchRecords::first_byte() {
    end_ = source_(looked_at_.data(), looked_at_.size());
    const std::string_view text{looked_at_.data(), end_};
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos ? '\0' : text[first];
}

std::size_t FreeswitchRecords::read(char* buffer, std::size_t size) {
    if (begin_ == end_) return source_(buffer, size);
    const std::size_t count = std::min(size, end_ - begin_);
    std::copy_n(looked_at_.data() + begin_, count, buffer);
    begin_ += count;
    return count;
}

bool FreeswitchRecords::next(Record& record) {
    if (json_) {
        files::JsonSplitter::Object object;
        if (!json_->next(object)) return false;
        record = {object.line, std::move(object.text), object.problem};
    } else {
        files::CsvRecord read;
        if (!csv_->next(read)) return false;
        record = {read.line, "{", std::string{read.problem}};
        if (record.problem.empty() && read.fields.size() != columns_.size())
            record.problem = console::counted(static_cast<std::int64_t>(read.fields.size()), "field", "fields") +
                             " for " +
                             console::counted(static_cast<std::int64_t>(columns_.size()), "column", "columns");
        for (std::size_t i = 0; record.problem.empty() && i < columns_.size(); ++i) {
            if (i > 0) record.text += ',';
            append_json_string(record.text, columns_[i]);
            record.text += ':';
            append_json_string(record.text, read.fields[i]);
        }
        record.text += '}';
    }
    if (record.problem.empty() && !core::is_text(record.text))
        record.problem = "the record is not valid UTF-8, or has a NUL";
    return true;
}

}  // namespace admin::events
