#include "core/access/token.hpp"

#include <charconv>
#include <system_error>

#include "core/text.hpp"

namespace core::access {
namespace {

constexpr std::string_view kHeader = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.";  // {"alg":"HS256","typ":"JWT"}
constexpr std::size_t kSignatureCharacters = 43;                               // 32 bytes
constexpr std::size_t kFingerprintCharacters = 22;                             // 16 bytes

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
