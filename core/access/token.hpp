#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Reading tokens. The database makes them, has their key, and alone says whether one holds (sql/migrations,
/// 07_tokens.sql). Reading is a matter of spelling: nothing that a token says may be believed before that.
namespace core::access {

/// The longest token, in bytes, included; the database makes none of over 232.
inline constexpr std::size_t kMaxTokenBytes = 256;

/// What a token says of itself.
struct TokenClaims {
    std::int64_t person = 0;         ///< `sub`, 1..2^63-1
    std::int64_t ends = 0;           ///< `exp`: Unix seconds, 1..2^63-1
    std::string fingerprint;         ///< `fp`: of the person's stored hash; 22 characters of base64url
    std::optional<std::int64_t> id;  ///< `jti`, 1..2^63-1: of those that `queue-statistics token add` made
};

/// The claims of a token. Returns nullopt unless text is spelt exactly as the database spells a token: a JSON Web Token
/// with one header, which says HS256 and is never read, with claims in one order and without spaces, in base64url
/// without padding and without stray bits. So no two texts are the same token. For example, a token with `alg` `none`
/// is not one, and a token with a `=` behind it neither.
std::optional<TokenClaims> read_token(std::string_view text);

}  // namespace core::access
