#include "core/access/verified_tokens.hpp"

#include <utility>

namespace core::access {

const VerifiedToken* VerifiedTokens::find(const Digest& token, Clock::time_point now) {
    drop_unused(now);
    Remembered* const found = tokens_.find(token);
    if (found == nullptr) return nullptr;
    found->last_used = now;
    return &found->token;
}

bool VerifiedTokens::has_hash(const Digest& token, std::string_view hash) {
    const Remembered* const found = tokens_.find(token);
    return found != nullptr && found->with_hash == with_hash(token, hash);
}

void VerifiedTokens::remember(const Digest& token, VerifiedToken verified, std::string_view hash,
                              Clock::time_point now) {
    drop_unused(now);
    tokens_.put(token, {std::move(verified), with_hash(token, hash), now});
}

Digest VerifiedTokens::with_hash(const Digest& token, std::string_view hash) const {
    return hmac_.of({{reinterpret_cast<const char*>(token.data()), token.size()}, hash});
}

void VerifiedTokens::drop_unused(Clock::time_point now) {
    tokens_.drop_oldest_while(
        [now](const Remembered& token) { return now - token.last_used > VerifiedLogins::kUnused; });
}

}  // namespace core::access
