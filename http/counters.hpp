#pragma once

#include <cstddef>
#include <cstdint>

namespace http {

/// How many processes share the counters.
struct Processes {
    int idle = 0;
    int busy = 0;  ///< answer a request just now
};

/// The port to counters that all processes of a listening socket share. A counter never falls. Its number is its place
/// in counter_names() (metrics.hpp). fcgi/shared_counters implements it.
class Counters {
  public:
    virtual ~Counters() = default;

    virtual void add(std::size_t counter, std::uint64_t count) noexcept = 0;

    /// The sum of all processes, also of those that have ended, since the machine was started.
    virtual std::uint64_t sum(std::size_t counter) const noexcept = 0;

    /// Says whether this process answers a request. At first it does not.
    virtual void set_busy(bool busy) noexcept = 0;

    /// The processes that run now.
    virtual Processes processes() const noexcept = 0;
};

}  // namespace http
