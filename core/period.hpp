#pragma once

#include <cstdint>

#include "core/parameters.hpp"
#include "core/refusal.hpp"

/// The period that is asked for. All times are whole Unix seconds.
namespace core {

/// Points in time lie in 0 <= t <= kMaxTime, 9999-12-31 23:59:59 UTC: what a start or end parameter may be.
inline constexpr std::int64_t kMaxTime = 253402300799;

/// The end of a period without an upper bound: after every call, also one stamped by a clock that runs ahead.
inline constexpr std::int64_t kNoEnd = kMaxTime + 1;

/// start <= t < end. start <= end; equal ones make an empty period.
struct Period {
    std::int64_t start = 0;
    std::int64_t end = kNoEnd;

    friend bool operator==(const Period&, const Period&) = default;
};

/// Both are given and valid, and start > end.
inline constexpr Invalid kStartAfterEnd{"start", "The start is after the end."};

/// The period of the parameters `start` (default 0) and `end` (default kNoEnd); empty means not given. refusals gets an
/// `invalid` for each that is not a point in time, or kStartAfterEnd.
Period read_period(const Parameters& parameters, Refusals& refusals);

}  // namespace core
