#include "core/query_string.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace core {
namespace {

/// 0..15, or -1 when c is not a hexadecimal digit.
int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::vector<EncodedPair> split_pairs(std::string_view text, std::size_t max_pairs) {
    std::vector<EncodedPair> pairs;
    while (!text.empty() && pairs.size() <= max_pairs) {
        // By two searches, each of many bytes at a time: tokens are long.
        const std::string_view pair = text.substr(0, std::min(text.find(';'), text.find('&')));
        text.remove_prefix(std::min(pair.size() + 1, text.size()));
        if (pair.empty()) continue;
        const std::size_t equals = pair.find('=');
        pairs.push_back({pair.substr(0, equals), equals == pair.npos ? std::string_view{} : pair.substr(equals + 1)});
    }
    return pairs;
}

std::optional<std::string> decode(std::string_view encoded) {
    std::string decoded;
    decoded.reserve(encoded.size());
    const auto is_escape = [](char c) { return c == '+' || c == '%'; };
    const bool is_plain = encoded.find('+') == encoded.npos && encoded.find('%') == encoded.npos;
    for (;;) {
        const auto escape = is_plain ? encoded.end() : std::ranges::find_if(encoded, is_escape);
        decoded.append(encoded.begin(), escape);
        encoded = {escape, encoded.end()};
        if (encoded.empty()) break;
        if (encoded.front() == '+') {
            decoded += ' ';
            encoded.remove_prefix(1);
        } else {
            if (encoded.size() < 3) return std::nullopt;
            const int high = hex_value(encoded[1]);
            const int low = hex_value(encoded[2]);
            if (high < 0 || low < 0) return std::nullopt;
            decoded += static_cast<char>(high * 16 + low);
            encoded.remove_prefix(3);
        }
    }
    if (!is_text(decoded)) return std::nullopt;
    return decoded;
}

}  // namespace core
