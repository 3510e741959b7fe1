#include "core/access/token.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

namespace core::access {
namespace {

constexpr std::string_view kHeader = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.";  // {"alg":"HS256","typ":"JWT"}
constexpr std::size_t kSignatureCharacters = 43;                               // 32 bytes
constexpr std::size_t kFingerprintCharacters = 22;                             // 16 bytes
constexpr unsigned kNoDigit = 64;

unsigned digit_value(char c) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const std::size_t value = kDigits.find(c);
    return value == kDigits.npos ? kNoDigit : static_cast<unsigned>(value);
}

/// The bytes of base64url without padding. Returns nullopt for another character, a length that none has, and bits
/// that belong to no byte and are not zero.
std::optional<std::string> decode_base64url(std::string_view encoded) {
    if (encoded.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    unsigned bits = 0;
    int count = 0;  // of bits
    for (const char c : encoded) {
        const unsigned value = digit_value(c);
        if (value == kNoDigit) return std::nullopt;
        bits = bits << 6 | value;
        count += 6;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>(bits >> count & 0xFF);
        bits &= (1U << count) - 1;
    }
    if (bits != 0) return std::nullopt;
    return bytes;
}

bool take(std::string_view& text, std::string_view literal) {
    if (!text.starts_with(literal)) return false;
    text.remove_prefix(literal.size());
    return true;
}

/// A number from 1 without leading zeros, into number.
bool take(std::string_view& text, std::int64_t& number) {
    if (text.empty() || text.front() < '1' || text.front() > '9') return false;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

}  // namespace

std::optional<TokenClaims> read_token(std::string_view text) {
    if (text.size() > kMaxTokenBytes || !take(text, kHeader)) return std::nullopt;
    const std::size_t dot = text.find('.');
    if (dot == text.npos) return std::nullopt;
    const std::string_view signature = text.substr(dot + 1);
    const std::optional<std::string> payload = decode_base64url(text.substr(0, dot));
    if (!payload || signature.size() != kSignatureCharacters || !decode_base64url(signature)) return std::nullopt;

    TokenClaims claims;
    std::string_view rest = *payload;
    if (!take(rest, R"({"sub":")") || !take(rest, claims.person) || !take(rest, R"(","exp":)") ||
        !take(rest, claims.ends) || !take(rest, R"(,"fp":")"))
        return std::nullopt;
    claims.fingerprint = rest.substr(0, kFingerprintCharacters);
    if (claims.fingerprint.size() != kFingerprintCharacters || !decode_base64url(claims.fingerprint))
        return std::nullopt;
    rest.remove_prefix(kFingerprintCharacters);
    if (!take(rest, "\"")) return std::nullopt;
    if (take(rest, R"(,"jti":")")) {
        if (!take(rest, claims.id.emplace()) || !take(rest, "\"")) return std::nullopt;
    }
    return rest == "}" ? std::optional{claims} : std::nullopt;
}

}  // namespace core::access
