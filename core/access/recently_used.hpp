#pragma once

#include <cstddef>
#include <iterator>
#include <list>
#include <map>
#include <utility>

namespace core::access {

/// A cache that drops the least recently used entry (LRU) when it is full. Every operation takes at most logarithmic
/// time per entry found, added or dropped. Key: ordered by `<`. Not thread-safe.
template <class Key, class Value>
class RecentlyUsed {
  public:
    /// capacity: the most entries that are kept; 0 keeps nothing.
    explicit RecentlyUsed(std::size_t capacity) : capacity_{capacity} {}

    /// The value of key; nullptr when key is absent. The entry becomes the most recently used one. The pointer is valid
    /// until the next call that is not const.
    Value* find(const Key& key) {
        const auto found = positions_.find(key);
        if (found == positions_.end()) return nullptr;
        entries_.splice(entries_.end(), entries_, found->second);
        return &found->second->second;
    }

    /// Sets the value of key, as the most recently used entry.
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

    /// Removes the entry of key, if it is present.
    void erase(const Key& key) {
        const auto found = positions_.find(key);
        if (found == positions_.end()) return;
        entries_.erase(found->second);
        positions_.erase(found);
    }

    /// Drops entries, the least recently used first, as long as is_to_be_dropped(value) holds for the next one.
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
    Entries entries_;  ///< the least recently used one first
    std::map<Key, typename Entries::iterator> positions_;
};

}  // namespace core::access
