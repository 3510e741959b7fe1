#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/access/recently_used.hpp"

namespace core::access {

/// Token buckets that bound how many wrong passwords one address can make this process hash. A failed login takes a
/// token from two buckets: that of the address, and that of the address with the username. Time refills them. A login
/// is allowed while both buckets have a token. A forged auth_token counts as one failure of the address alone.
/// An IPv6 address counts by its /64, because one subscriber has a whole /64. No bucket belongs to a username alone:
/// else anyone could lock anyone out. The buckets are in the memory of this process, so that N processes allow N times
/// as much. Not thread-safe.
class LoginThrottle {
  public:
    using Clock = std::chrono::steady_clock;

    /// The size and the rate of a token bucket.
    struct Limit {
        int burst;                         ///< tokens in a full bucket: failures in a row that are allowed
        std::chrono::milliseconds refill;  ///< the time that brings one token
    };
    /// For one username from one address: enough for a person who mistypes, or a device with an old password.
    static constexpr Limit kPerLogin{5, std::chrono::milliseconds{10'000}};
    /// For one address: enough for an office behind it. A device with an old password empties its own bucket long
    /// before.
    static constexpr Limit kPerAddress{20, std::chrono::milliseconds{1'000}};
    /// The Retry-After of a 429: the refill time of the slower limit.
    static constexpr std::chrono::seconds kRetryAfter{10};

    /// The most buckets that are kept, about 100 bytes each. A new bucket takes the memory of the least recently used
    /// one. A dropped bucket counts as full: a client that floods the memory with new names only gets failures of
    /// others forgiven, while the bucket of its own address stays in use.
    static constexpr std::size_t kCapacity = 10'000;

    /// Throws when the system gives no randomness.
    LoginThrottle();

    /// Whether a password may be hashed for this login now: both buckets have a token. client_address: as in Request;
    /// all unknown addresses share a bucket.
    bool allows(const std::optional<std::string>& client_address, std::string_view username, Clock::time_point now);

    /// Whether the bucket of the address has a token. For an auth_token: no hash is computed for it.
    bool allows(const std::optional<std::string>& client_address, Clock::time_point now);

    /// Whether the bucket of the address is not full: a login from it failed lately, so that the next one is likely to
    /// fail.
    bool is_suspect(const std::optional<std::string>& client_address, Clock::time_point now);

    /// Takes a token from the bucket of the address. Call it after each forged auth_token.
    void failed(const std::optional<std::string>& client_address, Clock::time_point now);

    /// Takes a token from both buckets. Call it after each login that failed and cost a hash.
    void failed(const std::optional<std::string>& client_address, std::string_view username, Clock::time_point now);

  private:
    /// A bucket is stored as the time at which it will be full again; a time in the past means that it is full.
    using FullAt = Clock::time_point;
    struct Keys {
        std::uint64_t address;
        std::uint64_t login;
    };

    Keys keys_of(const std::optional<std::string>& client_address, std::string_view username) const;
    bool has_one(std::uint64_t key, Limit limit, Clock::time_point now);
    void take_one(std::uint64_t key, Limit limit, Clock::time_point now);

    std::string secret_;  ///< hashed into every key, so that no client can choose names that share a bucket
    RecentlyUsed<std::uint64_t, FullAt> buckets_{kCapacity};
};

/// The network whose bucket an address belongs to: of an IPv6 address the first 64 bits, such as "2001:db8:1:2"; any
/// other text unchanged. address: in the form that inet_ntop(3) writes.
std::string throttled_network(std::string_view address);

}  // namespace core::access
