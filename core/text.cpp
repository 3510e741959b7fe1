#include "core/text.hpp"

#include <algorithm>
#include <charconv>

namespace core {
namespace {

/// The bytes of the UTF-8 sequence at the start of text; 0 when that sequence is invalid (RFC 3629, section 4).
/// Precondition: text is not empty.
std::size_t sequence_length(std::string_view text) {
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto continues = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
        return i < text.size() && byte(i) >= low && byte(i) <= high;
    };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;  // C0 and C1 begin overlong forms
    if (first >= 0xE0 && first <= 0xEF) {
        const unsigned low = first == 0xE0 ? 0xA0 : 0x80;   // below: overlong
        const unsigned high = first == 0xED ? 0x9F : 0xBF;  // above: a surrogate
        return continues(1, low, high) && continues(2) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const unsigned low = first == 0xF0 ? 0x90 : 0x80;   // below: overlong
        const unsigned high = first == 0xF4 ? 0x8F : 0xBF;  // above: over U+10FFFF
        return continues(1, low, high) && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

/// The bytes that digits of base 64 write, most significant bits first. last_two: the digits 62 and 63. Returns nullopt
/// for another character, and when the bits after the last byte are not 0.
std::optional<std::string> bytes_of_digits(std::string_view digits, std::string_view last_two) {
    constexpr std::string_view kFirst = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    std::string bytes;
    unsigned bits = 0;
    int count = 0;  // how many of them are not in bytes yet
    for (const char c : digits) {
        std::size_t value = kFirst.find(c);
        if (value == kFirst.npos) {
            value = last_two.find(c);
            if (value == last_two.npos) return std::nullopt;
            value += kFirst.size();
        }
        bits = (bits << 6 | static_cast<unsigned>(value)) & 0xFFFF;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>(bits >> count & 0xFF);
        }
    }
    if ((bits & ((1U << count) - 1)) != 0) return std::nullopt;
    return bytes;
}

}  // namespace

bool is_text(std::string_view text) {
    while (!text.empty()) {
        const auto plain = std::ranges::find_if(text, [](char c) { return c <= 0; });  // of ASCII
        text.remove_prefix(static_cast<std::size_t>(plain - text.begin()));
        if (text.empty()) break;
        const std::size_t length = text.front() == '\0' ? 0 : sequence_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::optional<std::int64_t> whole_number(std::string_view text, std::int64_t max) {
    std::int64_t number = 0;
    if (text.empty() || text.front() == '-') return std::nullopt;  // from_chars accepts a minus
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number > max) return std::nullopt;
    return number;
}

std::optional<std::string> decode_base64(std::string_view encoded) {
    if (encoded.empty() || encoded.size() % 4 != 0) return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && encoded.ends_with('=')) {
        encoded.remove_suffix(1);
        ++padding;
    }
    return bytes_of_digits(encoded, "+/");
}

std::optional<std::string> decode_base64url(std::string_view encoded) {
    if (encoded.size() % 4 == 1) return std::nullopt;
    return bytes_of_digits(encoded, "-_");
}

bool equal_ignoring_case(std::string_view text, std::string_view lower) {
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                      [](char c, char l) { return (c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) == l; });
}

}  // namespace core
