#pragma once

#include <cstddef>
#include <iterator>
#include <list>
#include <map>
#include <utility>

namespace core::access {

/// A bounded map that remembers the order of use, so that the least recently used entry makes room for a new one.
/// Every operation costs at most the logarithm of the size. Key: ordered by `<`.
template <class Key, class Value>
class RecentlyUsed {
  public:
    /// capacity: entries; 0 keeps none.
    explicit RecentlyUsed(std::size_t capacity) : capacity_{capacity} {}

    /// The value of key, which now counts as the most recently used one; nullptr when there is none. Valid until the
    /// next call of a member that is not const.
    Value* find(const Key& key) {
        const auto found = positions_.find(key);
        if (found == positions_.end()) return nullptr;
        entries_.splice(entries_.end(), entries_, found->second);
        return &found->second->second;
    }

    /// Puts value in, as the most recently used one and in place of the one that key had.
    void put(const Key& key, Value value) {
        if (Value* const present = find(key); present != nullptr) {
            *present = std::move(value);
            return;
        }
        if (capacity_ == 0) return;
        if (entries_.size() == capacity_) drop_oldest();
        entries_.emplace_back(key, std::move(value));
        positions_.emplace(key, std::prev(entries_.end()));
    }

    void erase(const Key& key) {
        const auto found = positions_.find(key);
        if (found == positions_.end()) return;
        entries_.erase(found->second);
        positions_.erase(found);
    }

    /// Drops entries, the least recently used first, until one is not to be dropped.
    template <class Predicate>
    void drop_oldest_while(Predicate is_to_be_dropped) {
        while (!entries_.empty() && is_to_be_dropped(entries_.front().second)) drop_oldest();
    }

    std::size_t size() const { return entries_.size(); }

  private:
    using Entries = std::list<std::pair<Key, Value>>;

    void drop_oldest() {
        positions_.erase(entries_.front().first);
        entries_.pop_front();
    }

    std::size_t capacity_;
    Entries entries_;  ///< least recently used first
    std::map<Key, typename Entries::iterator> positions_;
};

}  // namespace core::access
