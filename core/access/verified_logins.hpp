#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/access/hmac.hpp"
#include "core/access/recently_used.hpp"

namespace core::access {

/// Remembers logins that were right, so that wallboards which ask every few seconds cost one hash and not thousands.
/// Only the slow hash is saved: the stored hash is read from the database on every request and is part of what must
/// match, so a changed password counts at once. Keeps neither passwords nor hashes, only their HMAC-SHA-256 under a
/// random key of this process. In memory only; at most `capacity` logins (0: none), each dropped when unused for
/// kUnused, the least recently used first when it is full.
class VerifiedLogins {
  public:
    using Clock = std::chrono::steady_clock;

    /// Long enough that polling callers never hash again, short enough to forget those who left.
    static constexpr std::chrono::minutes kUnused{15};

    explicit VerifiedLogins(std::size_t capacity);

    /// Whose login this was when it was last verified, if it was. The person may have another password by now: that is
    /// contains()'s question. A login that is found counts as used now.
    std::optional<std::int64_t> find_person(std::string_view username, std::string_view password,
                                            Clock::time_point now);

    /// Whether exactly this login was remembered for this person with this stored hash. One that was remembered for
    /// another person or hash is forgotten.
    bool contains(std::string_view username, std::string_view password, std::int64_t person, std::string_view hash,
                  Clock::time_point now);

    /// Call only after a full success: right password, active person, allowed source.
    void remember(std::string_view username, std::string_view password, std::int64_t person, std::string_view hash,
                  Clock::time_point now);

    std::size_t size() const;

  private:
    struct Verified {
        std::int64_t person;
        Digest with_hash;  ///< of username, password and stored hash
        Clock::time_point last_used;
    };

    void drop_unused(Clock::time_point now);

    Hmac hmac_;
    RecentlyUsed<Digest, Verified> logins_;  ///< by the digest of username and password
};

}  // namespace core::access
