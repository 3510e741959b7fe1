#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/access/recently_used.hpp"

namespace core::access {

/// Bounds how many passwords one address can make this process hash in vain. It counts failed logins by address (an
/// IPv6 address by its /64, which one subscriber has whole) and by address and username, never by username alone: that
/// would let anyone lock anyone out. In memory and per process: N processes allow N times as much.
///
/// Each count is a bucket that a failed login takes one from and time fills again. Both must have one left.
class LoginThrottle {
  public:
    using Clock = std::chrono::steady_clock;

    /// How many failures in a row are let through, and how long one takes to be forgiven.
    struct Limit {
        int burst;
        std::chrono::milliseconds refill;
    };
    /// A person who mistypes, or a device with an old password.
    static constexpr Limit kPerLogin{5, std::chrono::milliseconds{10'000}};
    /// An office behind one address. A device with an old password stops at its own limit, well below this one.
    static constexpr Limit kPerAddress{20, std::chrono::milliseconds{1'000}};
    /// What a client that was refused is told to wait: as long as the slower limit needs for one.
    static constexpr std::chrono::seconds kRetryAfter{10};

    /// Buckets kept at most, about 100 bytes each; the least recently used one makes room. A bucket that was dropped
    /// counts as full, so whoever fills the memory with new names only forgives: at their own address's expense.
    static constexpr std::size_t kCapacity = 10'000;

    LoginThrottle();

    /// Whether a password may be hashed for this login now. client_address: as in Request.
    bool allows(const std::optional<std::string>& client_address, std::string_view username, Clock::time_point now);

    /// Whether one from that address failed so lately that it is not forgiven yet: the next is likely to fail as well.
    bool is_suspect(const std::optional<std::string>& client_address, Clock::time_point now);

    /// Call after each login that failed at the cost of a hash.
    void failed(const std::optional<std::string>& client_address, std::string_view username, Clock::time_point now);

  private:
    /// A bucket as the time at which it will be full again: in the past when it is full now.
    using FullAt = Clock::time_point;
    struct Keys {
        std::uint64_t address;
        std::uint64_t login;
    };

    Keys keys_of(const std::optional<std::string>& client_address, std::string_view username) const;
    bool has_one(std::uint64_t key, Limit limit, Clock::time_point now);
    void take_one(std::uint64_t key, Limit limit, Clock::time_point now);

    std::string secret_;  ///< begins all that is hashed to a key, so that nobody can choose names that share a bucket
    RecentlyUsed<std::uint64_t, FullAt> buckets_{kCapacity};
};

/// The network that a throttle counts an address under: an IPv6 address's first 64 bits, as "2001:db8:1:2"; anything
/// else unchanged. address: in the form inet_ntop(3) gives.
std::string throttled_network(std::string_view address);

}  // namespace core::access
