#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// FastCGI 1.0 as a web server speaks it, for tests that send well-formed or malformed records.
namespace fastcgi {

enum Type : char { kBegin = 1, kAbort = 2, kEnd = 3, kParams = 4, kStdin = 5, kStdout = 6, kGetValues = 9 };

inline std::string record(char type, std::string_view content, char request_id = 1, char padding = 0) {
    return std::string{
        1, type, 0, request_id, static_cast<char>(content.size() >> 8), static_cast<char>(content.size()), padding, 0}
        .append(content)
        .append(static_cast<std::size_t>(padding), 'x');
}

/// The length of a name or a value in the form of four bytes.
inline std::string long_length(std::size_t length) {
    return {static_cast<char>(0x80 | length >> 24), static_cast<char>(length >> 16), static_cast<char>(length >> 8),
            static_cast<char>(length)};
}

inline std::string pair(std::string_view name, std::string_view value) {
    return (long_length(name.size()) + long_length(value.size())).append(name).append(value);
}

inline const std::string kBeginRecord = record(kBegin, {"\0\1\0\0\0\0\0\0", 8});
inline const std::string kNoMoreParams = record(kParams, "");
inline const std::string kNoMoreBody = record(kStdin, "");

struct Record {
    unsigned char version, type;
    unsigned request_id;
    std::string_view content;
};

/// Removes the record at the front of bytes. Returns false when that record is not whole.
inline bool take(std::string_view& bytes, Record& record) {
    constexpr std::size_t kHeaderBytes = 8;
    if (bytes.size() < kHeaderBytes) return false;
    const auto byte = [bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const std::size_t length = byte(4) * 256U + byte(5);
    record = {byte(0), byte(1), byte(2) * 256U + byte(3), bytes.substr(kHeaderBytes, length)};
    if (bytes.size() < kHeaderBytes + length + byte(6)) return false;
    bytes.remove_prefix(kHeaderBytes + length + byte(6));
    return true;
}

}  // namespace fastcgi
