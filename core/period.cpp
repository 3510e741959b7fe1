#include "core/period.hpp"

namespace core {

Period read_period(const Parameters& parameters, Refusals& refusals) {
    const Period defaults;
    const std::int64_t start = read_number(parameters, "start", kMaxTime, defaults.start, refusals);
    const std::int64_t end = read_number(parameters, "end", kMaxTime, defaults.end, refusals);
    // An invalid time counts as its default here, and a default start or end never makes start > end.
    if (start > end) refusals.push_back(kStartAfterEnd);
    return {start, end};
}

}  // namespace core
