#include "core/access/verified_tokens.hpp"

#include <utility>

namespace core::access {

const VerifiedToken* VerifiedTokens::find(const Digest& key, std::string_view token, Clock::time_point now) {
    drop_unused(now);
    Remembered* const found = tokens_.find(key);
    if (found == nullptr || found->signed_part != token.substr(0, signed_bytes(token))) return nullptr;
    found->last_used = now;
    return &found->token;
}

bool VerifiedTokens::has_hash(const Digest& key, std::string_view hash) {
    const Remembered* const found = tokens_.find(key);
    return found != nullptr && found->with_hash == with_hash(key, hash);
}

void VerifiedTokens::remember(const Digest& key, std::string_view token, VerifiedToken verified, std::string_view hash,
                              Clock::time_point now) {
    drop_unused(now);
    tokens_.put(key,
                {std::move(verified), std::string{token.substr(0, signed_bytes(token))}, with_hash(key, hash), now});
}

Digest VerifiedTokens::with_hash(const Digest& key, std::string_view hash) const {
    return hmac_.of({{reinterpret_cast<const char*>(key.data()), key.size()}, hash});
}

void VerifiedTokens::drop_unused(Clock::time_point now) {
    tokens_.drop_oldest_while(
        [now](const Remembered& token) { return now - token.last_used > VerifiedLogins::kUnused; });
}

}  // namespace core::access
