#pragma once

#include <vector>

#include "http/counters.hpp"
#include "http/metrics.hpp"

/// Counters in memory.
class FakeCounters final : public http::Counters {
  public:
    std::vector<std::uint64_t> sums = std::vector<std::uint64_t>(http::counter_names().size());
    bool busy = false;

    void add(std::size_t counter, std::uint64_t count) noexcept override { sums.at(counter) += count; }
    std::uint64_t sum(std::size_t counter) const noexcept override { return sums.at(counter); }
    void set_busy(bool now_busy) noexcept override { busy = now_busy; }
    http::Processes processes() const noexcept override { return {3, 1}; }
};
