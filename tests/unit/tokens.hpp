#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Tokens for tests, spelt as the database spells them. Their signature is no real one.
namespace test {

inline std::string base64url(std::string_view bytes) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string encoded;
    unsigned bits = 0;
    int count = 0;
    for (const char c : bytes) {
        bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xFFFF;
        for (count += 8; count >= 6; count -= 6) encoded += kDigits[bits >> (count - 6) & 63];
    }
    if (count > 0) encoded += kDigits[bits << (6 - count) & 63];
    return encoded;
}

inline const std::string kFingerprint = base64url("sixteen bytes ..");
inline const std::string kSignature = base64url("thirty-two bytes of a signature.");

/// A token with this header and these claims.
inline std::string token(std::string_view claims, std::string_view header = R"({"alg":"HS256","typ":"JWT"})") {
    return base64url(header) + '.' + base64url(claims) + '.' + kSignature;
}

/// A well-spelt token.
inline std::string token_of(std::string_view person, std::string_view ends, std::string_view id = "") {
    std::string claims = R"({"sub":")";
    claims.append(person).append(R"(","exp":)").append(ends).append(R"(,"fp":")").append(kFingerprint) += '"';
    if (!id.empty()) claims.append(R"(,"jti":")").append(id) += '"';
    return token(claims + '}');
}

}  // namespace test
