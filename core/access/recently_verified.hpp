#pragma once

#include <chrono>
#include <cstddef>
#include <utility>

#include "core/access/hmac.hpp"
#include "core/access/recently_used.hpp"

namespace core::access {

/// What was verified, by its HMAC: the least recently used entry goes when there are too many, and each one that was
/// unused for too long. Not thread-safe.
template <class Value>
class RecentlyVerified {
  public:
    using Clock = std::chrono::steady_clock;

    /// An entry that was unused for longer is forgotten. Long enough that a polling client never needs a second hash,
    /// short enough to forget a client that has gone.
    static constexpr std::chrono::minutes kUnused{15};

    /// capacity: the most entries that are kept; 0 keeps nothing.
    explicit RecentlyVerified(std::size_t capacity) : entries_{capacity} {}

    /// The value of key, which counts as used now; nullptr when it is absent, or is_right(value) does not hold. Valid
    /// until the next call that is not const.
    template <class Predicate>
    const Value* find(const Digest& key, Clock::time_point now, Predicate is_right) {
        drop_unused(now);
        Entry* const found = entries_.find(key);
        if (found == nullptr || !is_right(found->value)) return nullptr;
        found->last_used = now;
        return &found->value;
    }

    /// Sets the value of key, which counts as used now.
    void put(const Digest& key, Value value, Clock::time_point now) {
        drop_unused(now);
        entries_.put(key, {std::move(value), now});
    }

    /// Removes the entry of key, if it is present.
    void erase(const Digest& key) { entries_.erase(key); }

    std::size_t size() const { return entries_.size(); }

  private:
    struct Entry {
        Value value;
        Clock::time_point last_used;
    };

    void drop_unused(Clock::time_point now) {
        entries_.drop_oldest_while([now](const Entry& entry) { return now - entry.last_used > kUnused; });
    }

    RecentlyUsed<Digest, Entry> entries_;
};

}  // namespace core::access
