#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// Values: a period, and the statistics of the calls in it. A call here is one offer of a queued caller to a
/// destination. All times are whole seconds; points in time are Unix seconds.
namespace core {

/// Points in time lie in 0 <= t <= kMaxTime, 9999-12-31 23:59:59 UTC: what a start or end parameter may be.
inline constexpr std::int64_t kMaxTime = 253402300799;

/// The end of a period without an upper bound: after every call, also one stamped by a clock that runs ahead.
inline constexpr std::int64_t kNoEnd = kMaxTime + 1;

/// Offers with start <= their own start < end. start <= end; equal ones make an empty period.
struct Period {
    std::int64_t start = 0;
    std::int64_t end = kNoEnd;

    friend bool operator==(const Period&, const Period&) = default;
};

/// Seconds of talking, ringing or holding over the calls whose time is known. `known` is how many those are (the
/// divisor of the average); min and max are empty exactly when it is 0, and then sum is 0. sum <= 2^63-1.
struct Duration {
    std::int64_t known = 0;
    std::int64_t sum = 0;
    std::optional<std::int64_t> min{};
    std::optional<std::int64_t> max{};

    friend bool operator==(const Duration&, const Duration&) = default;
};

/// The statistics of one destination in a period; all zero and empty without calls.
struct CallStatistics {
    std::int64_t answered = 0;
    std::int64_t in_progress = 0;  ///< of the answered ones, still talking
    std::int64_t no_answer = 0;
    std::int64_t busy = 0;
    std::int64_t cancelled = 0;
    std::int64_t answered_elsewhere = 0;
    std::int64_t failed = 0;
    Duration talktime{};                       ///< over answered calls that ended
    Duration ringtime{};                       ///< over all offers
    Duration holdtime{};                       ///< over answered calls
    std::optional<std::int64_t> first_call{};  ///< start of the first offer, Unix seconds rounded down
    std::optional<std::int64_t> last_call{};

    /// All offers: the outcomes are disjoint and complete.
    std::int64_t calls() const { return answered + no_answer + busy + cancelled + answered_elsewhere + failed; }

    friend bool operator==(const CallStatistics&, const CallStatistics&) = default;
};

/// A row of the queue form. dtype and dnumber are any non-empty UTF-8 text.
struct DestinationStatistics {
    std::int64_t destination = 0;
    std::string dtype;
    std::string dnumber;
    CallStatistics statistics{};

    friend bool operator==(const DestinationStatistics&, const DestinationStatistics&) = default;
};

/// The answer for a queue, or for a destination.
using Statistics = std::variant<std::vector<DestinationStatistics>, CallStatistics>;

/// sum / known in hundredths, rounded half up, exact for every sum and count (no floating point): 37 / 3 is 1233.
/// Precondition: known > 0 and 0 <= sum. The result fits: min <= average <= max <= 2^31-1 seconds for stored calls;
/// a result over 2^63-1 hundredths asserts.
std::int64_t average_in_hundredths(std::int64_t sum, std::int64_t known);

}  // namespace core
