#include "core/query_string.hpp"

namespace core {
namespace {

/// 0..15, or -1 when c is no hexadecimal digit.
int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Bytes of the UTF-8 sequence at the start of text, or 0 when there is no valid one (RFC 3629, section 4).
std::size_t sequence_length(std::string_view text) {
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto continues = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
        return i < text.size() && byte(i) >= low && byte(i) <= high;
    };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;  // C0 and C1 would be overlong
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

}  // namespace

std::vector<EncodedPair> split_pairs(std::string_view text, std::size_t max_pairs) {
    std::vector<EncodedPair> pairs;
    while (!text.empty() && pairs.size() <= max_pairs) {
        const std::size_t end = text.find_first_of(";&");
        const std::string_view pair = text.substr(0, end);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        if (pair.empty()) continue;
        const std::size_t equals = pair.find('=');
        pairs.push_back({pair.substr(0, equals), equals == pair.npos ? std::string_view{} : pair.substr(equals + 1)});
    }
    return pairs;
}

std::optional<std::string> decode(std::string_view encoded) {
    std::string decoded;
    decoded.reserve(encoded.size());
    for (std::size_t i = 0; i < encoded.size(); ++i) {
        if (encoded[i] == '+') {
            decoded += ' ';
        } else if (encoded[i] == '%') {
            if (encoded.size() - i < 3) return std::nullopt;
            const int high = hex_value(encoded[i + 1]);
            const int low = hex_value(encoded[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            decoded += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            decoded += encoded[i];
        }
    }
    if (!is_text(decoded)) return std::nullopt;
    return decoded;
}

bool is_text(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = text.front() == '\0' ? 0 : sequence_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

}  // namespace core
