#include "admin/files/csv.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace admin::files {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kTooLong = "the line, or a field whose quote is not closed, is longer than 64 KiB";

}  // namespace

CsvReader::CsvReader(Source source) : source_{std::move(source)}, buffer_(2 * kMaxRecordBytes) {
    for (std::size_t i = 0; i < kByteOrderMark.size(); ++i)
        if (at(i) != static_cast<unsigned char>(kByteOrderMark[i])) return;
    begin_ = kByteOrderMark.size();
}

bool CsvReader::next(CsvRecord& record) {
    while (at(0) != kEnd) {
        record.line = line_;
        record.problem = {};
        const std::size_t length = read_fields(record);
        if (!record.problem.empty()) {
            skip_line();
            return true;
        }
        const auto first = buffer_.begin() + static_cast<std::ptrdiff_t>(begin_);
        line_ += std::count(first, first + static_cast<std::ptrdiff_t>(length), '\n');
        const bool blank = record.fields.size() == 1 && record.fields[0].empty() && *first != '"';
        begin_ += length;
        if (!blank) return true;
    }
    return false;
}

/// The byte at `offset` behind the record's beginning, or kEnd.
inline int CsvReader::at(std::size_t offset) {
    while (begin_ + offset >= end_)
        if (!fill()) return kEnd;
    return static_cast<unsigned char>(buffer_[begin_ + offset]);
}

/// Reads more bytes into the buffer, behind those that are there. Returns false at the end. There is always room,
/// because no record is longer than half the buffer.
bool CsvReader::fill() {
    if (ended_) return false;
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= std::exchange(begin_, 0);
    }
    const std::size_t got = source_(buffer_.data() + end_, buffer_.size() - end_);
    end_ += got;
    ended_ = got == 0;
    return !ended_;
}

/// Goes to the line after the one in which the record begins.
void CsvReader::skip_line() {
    ++line_;
    for (;;) {
        const auto* found = static_cast<const char*>(std::memchr(buffer_.data() + begin_, '\n', end_ - begin_));
        if (found) {
            begin_ = static_cast<std::size_t>(found - buffer_.data()) + 1;
            return;
        }
        begin_ = end_;
        if (!fill()) return;
    }
}

/// Reads the record's fields, or says in record.problem what is broken. Returns the record's length in bytes with its
/// line end.
std::size_t CsvReader::read_fields(CsvRecord& record) {
    std::size_t offset = 0;
    for (std::size_t count = 1;; ++count) {
        if (record.fields.size() < count) record.fields.emplace_back();
        std::string& field = record.fields[count - 1];
        field.clear();
        if (at(offset) == '"') {
            offset = read_quoted(offset, record, field);
            if (!record.problem.empty()) return offset;
        }
        int c = at(offset);
        for (; c != ',' && c != '\n' && c != '\r' && c != kEnd; c = at(++offset)) {
            if (c == '"') record.problem = "a quote inside a field that is not in quotes";
            if (offset >= kMaxRecordBytes) record.problem = kTooLong;
            if (!record.problem.empty()) return offset;
            field += static_cast<char>(c);
        }
        if (c == ',') {
            ++offset;
            continue;
        }
        record.fields.resize(count);
        if (c == '\r' && (c = at(++offset)) != '\n' && c != kEnd) record.problem = "a carriage return inside the line";
        return c == '\n' ? offset + 1 : offset;
    }
}

/// Reads a field in quotes, or says in record.problem what is broken. Returns the offset at which the field ends.
std::size_t CsvReader::read_quoted(std::size_t offset, CsvRecord& record, std::string& field) {
    for (++offset;; ++offset) {
        const int c = at(offset);
        if (c == kEnd) {
            record.problem = "a quote is not closed";
            return offset;
        }
        if (offset >= kMaxRecordBytes) {
            record.problem = kTooLong;
            return offset;
        }
        if (c == '"' && at(++offset) != '"') break;
        field += static_cast<char>(c);
    }
    const int c = at(offset);
    if (c != ',' && c != '\n' && c != '\r' && c != kEnd) record.problem = "text after a closing quote";
    return offset;
}

}  // namespace admin::files
