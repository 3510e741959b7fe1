#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/access/hmac.hpp"
#include "core/access/recently_verified.hpp"

namespace core::access {

/// A token that the database said holds.
struct VerifiedToken {
    std::int64_t person = 0;
    std::string username;
    std::int64_t ends = 0;   ///< Unix seconds
    std::int64_t epoch = 0;  ///< Credentials::token_epoch of then: while it is the same, no token has been ended
};

/// Remembers tokens that hold, so that a request by token costs what a request by a remembered login costs. What may
/// have changed since is compared at each request: epoch, stored hash and time. Of a token this class keeps what was
/// signed, and the signature only as its HMAC, as VerifiedLogins keeps passwords and hashes. Not thread-safe.
class VerifiedTokens {
  public:
    using Clock = std::chrono::steady_clock;

    /// capacity: the most tokens that are kept; a new one drops the least recently used one; 0 keeps nothing. Throws
    /// std::system_error when the system gives no randomness.
    explicit VerifiedTokens(std::size_t capacity) : tokens_{capacity} {}

    /// What the functions below know a token by: its signature, which is shorter than the whole.
    Digest key_of(std::string_view token) const { return hmac_.of({token.substr(signed_bytes(token))}); }

    /// The token as it was remembered, which counts as used now; nullptr when it is not remembered. Valid until
    /// remember() or forget().
    const VerifiedToken* find(const Digest& key, std::string_view token, Clock::time_point now);

    /// Whether hash is the stored hash that the token was remembered with. False when it is not remembered. now: as of
    /// find().
    bool has_hash(const Digest& key, std::string_view hash, Clock::time_point now);

    /// Remembers a token, or what is new about it. Call it only after the database said that it holds.
    void remember(const Digest& key, std::string_view token, VerifiedToken verified, std::string_view hash,
                  Clock::time_point now);

    void forget(const Digest& key) { tokens_.erase(key); }

    /// How many tokens are remembered.
    std::size_t size() const { return tokens_.size(); }

  private:
    struct Remembered {
        VerifiedToken token;
        std::string signed_part;  ///< the token without its signature
        Digest with_hash;         ///< of the token's key and the stored hash
    };

    /// How many bytes stand before the signature.
    static std::size_t signed_bytes(std::string_view token) { return token.rfind('.') + 1; }

    Hmac hmac_;
    RecentlyVerified<Remembered> tokens_;  ///< by key_of()
};

}  // namespace core::access
