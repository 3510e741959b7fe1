#include "fcgi/arrival.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "http/form.hpp"

namespace fcgi {
namespace {

constexpr std::size_t kHeaderBytes = 8;
constexpr std::size_t kBeginBytes = 8;
constexpr unsigned char kVersion = 1;
constexpr std::string_view kResponder{"\0\1", 2};  // the role, which begins a begin record's content
enum Type : unsigned char { kBeginRequest = 1, kParams = 4, kStdin = 5 };

/// The header of a record, and the content that has arrived.
struct Record {
    unsigned char version, type;
    unsigned request_id;
    std::size_t content_bytes;  ///< as announced
    std::size_t padding_bytes;  ///< as announced
    std::string_view content;
    bool whole;  ///< content and padding have arrived too
};

unsigned char byte(std::string_view bytes, std::size_t i) { return static_cast<unsigned char>(bytes[i]); }

/// Removes the record at the front of bytes and returns it. Returns nullopt when its header has not arrived.
std::optional<Record> take_record(std::string_view& bytes) {
    if (bytes.size() < kHeaderBytes) return std::nullopt;
    const std::size_t length = byte(bytes, 4) * 256U + byte(bytes, 5);
    const std::size_t padding = byte(bytes, 6);
    const std::size_t padded = kHeaderBytes + length + padding;
    const Record record{.version = byte(bytes, 0),
                        .type = byte(bytes, 1),
                        .request_id = byte(bytes, 2) * 256U + byte(bytes, 3),
                        .content_bytes = length,
                        .padding_bytes = padding,
                        .content = bytes.substr(kHeaderBytes, length),
                        .whole = bytes.size() >= padded};
    bytes.remove_prefix(std::min(bytes.size(), padded));
    return record;
}

/// Removes the length at the front of pairs and returns it: one byte, or four bytes with the highest bit set. Returns
/// nullopt when pairs ends within the length.
std::optional<std::size_t> take_length(std::string_view& pairs) {
    if (pairs.empty()) return std::nullopt;
    std::size_t length = byte(pairs, 0);
    const std::size_t bytes = length < 0x80 ? 1 : 4;
    if (pairs.size() < bytes) return std::nullopt;
    if (bytes == 4) {
        length &= 0x7F;
        for (std::size_t i = 1; i < 4; ++i) length = length << 8 | byte(pairs, i);
    }
    pairs.remove_prefix(bytes);
    return length;
}

/// Whether pairs consists of whole name-value pairs.
bool are_pairs(std::string_view pairs) {
    while (!pairs.empty()) {
        const auto name = take_length(pairs);
        const auto value = name ? take_length(pairs) : std::nullopt;
        if (!value || *name + *value > pairs.size()) return false;
        pairs.remove_prefix(*name + *value);
    }
    return true;
}

}  // namespace

Arrival look_at(std::string_view received) {
    const std::optional<Record> begin = take_record(received);
    if (!begin) return Arrival::kUnfinished;
    if (begin->version != kVersion || begin->type != kBeginRequest || begin->request_id == 0 ||
        begin->content_bytes != kBeginBytes || begin->padding_bytes > 0)
        return Arrival::kGarbage;
    if (!begin->whole) return Arrival::kUnfinished;
    if (!begin->content.starts_with(kResponder)) return Arrival::kGarbage;

    std::string parameters;
    std::size_t body_bytes = 0;
    Type awaited = kParams;
    while (const std::optional<Record> record = take_record(received)) {
        if (record->version != kVersion || record->type != awaited || record->request_id != begin->request_id)
            return Arrival::kGarbage;
        const bool closes = record->content_bytes == 0;
        if (closes && record->padding_bytes > 0) return Arrival::kGarbage;
        if (awaited == kParams) {
            parameters += record->content;
            if (parameters.size() > kMaxParameterBytes) return Arrival::kGarbage;
            if (!closes) continue;
            if (!are_pairs(parameters)) return Arrival::kGarbage;
            awaited = kStdin;
        } else {
            body_bytes += record->content.size();
            if (closes || body_bytes > http::kMaxBodyBytes) return Arrival::kWhole;
        }
    }
    return awaited == kStdin ? Arrival::kParameters : Arrival::kUnfinished;
}

}  // namespace fcgi
