#pragma once

#include <cstdint>

#include "core/parameters.hpp"
#include "core/refusal.hpp"

/// The period of a question. All times are whole Unix seconds.
namespace core {

/// The last second that a `start` or `end` parameter may name: 9999-12-31 23:59:59 UTC. Valid times: 0 <= t <=
/// kMaxTime.
inline constexpr std::int64_t kMaxTime = 253402300799;

/// The end of a period without an upper bound. No call starts at or after it, not even one that a clock which runs
/// ahead has stamped.
inline constexpr std::int64_t kNoEnd = kMaxTime + 1;

/// All t with start <= t < end. Invariant: start <= end. The period is empty when both are equal.
struct Period {
    std::int64_t start = 0;
    std::int64_t end = kNoEnd;

    friend bool operator==(const Period&, const Period&) = default;
};

/// The refusal when start and end are both given, both valid, and start > end.
inline constexpr Invalid kStartAfterEnd{"start", "The start is after the end."};

/// The period of the parameters `start` (default 0) and `end` (default kNoEnd). An empty parameter counts as not given.
/// refusals gets invalid(name) for each parameter that is not a whole number in 0..kMaxTime, or else kStartAfterEnd.
/// When refusals got an entry, the returned period must not be used.
Period read_period(const Parameters& parameters, Refusals& refusals);

}  // namespace core
