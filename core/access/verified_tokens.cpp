#include "core/access/verified_tokens.hpp"

#include <utility>

namespace core::access {

const VerifiedToken* VerifiedTokens::find(const Digest& key, std::string_view token, Clock::time_point now) {
    const Remembered* const found = tokens_.find(key, now, [token](const Remembered& remembered) {
        return remembered.signed_part == token.substr(0, signed_bytes(token));
    });
    return found == nullptr ? nullptr : &found->token;
}

bool VerifiedTokens::has_hash(const Digest& key, std::string_view hash, Clock::time_point now) {
    return tokens_.find(key, now, [&](const Remembered& remembered) {
        return remembered.with_hash == hmac_.of(key, hash);
    }) != nullptr;
}

void VerifiedTokens::remember(const Digest& key, std::string_view token, VerifiedToken verified, std::string_view hash,
                              Clock::time_point now) {
    tokens_.put(key, {std::move(verified), std::string{token.substr(0, signed_bytes(token))}, hmac_.of(key, hash)},
                now);
}

}  // namespace core::access
