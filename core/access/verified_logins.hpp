#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/access/hmac.hpp"
#include "core/access/recently_verified.hpp"

namespace core::access {

/// Remembers logins that were right, so that a wallboard which asks every few seconds costs one hash and not thousands.
/// A remembered login saves the slow hash alone. Every request still reads the stored hash from the database, and the
/// stored hash must be the remembered one: a changed password counts at once. This class keeps neither passwords nor
/// hashes, only their HMAC-SHA-256 under a random key of this process, in memory. Not thread-safe.
class VerifiedLogins {
  public:
    using Clock = std::chrono::steady_clock;

    /// capacity: the most logins that are kept; a new one drops the least recently used one; 0 keeps nothing. Throws
    /// std::system_error when the system gives no randomness.
    explicit VerifiedLogins(std::size_t capacity);

    /// What the functions below know a login by. Compute it once per request: it takes longer than they do.
    Digest key_of(std::string_view username, std::string_view password) const;

    /// The person whose login this was when it was last verified; nullopt when it is not remembered. The person's
    /// password may have changed since: contains() tells. A found login counts as used now.
    std::optional<std::int64_t> find_person(const Digest& login, Clock::time_point now);

    /// Whether this login is remembered for this person with this stored hash. If it is, it counts as used now. A login
    /// that is remembered for another person or another hash is forgotten.
    bool contains(const Digest& login, std::int64_t person, std::string_view hash, Clock::time_point now);

    /// Remembers a login. Call it only after a full success: right password, active person, allowed source.
    void remember(const Digest& login, std::int64_t person, std::string_view hash, Clock::time_point now);

    /// How many logins are remembered.
    std::size_t size() const;

  private:
    struct Verified {
        std::int64_t person;
        Digest with_hash;  ///< of the login's key and the stored hash
    };

    Hmac hmac_;
    RecentlyVerified<Verified> logins_;  ///< by key_of()
};

}  // namespace core::access
