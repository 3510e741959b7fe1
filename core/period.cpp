#include "core/period.hpp"

#include "core/text.hpp"

namespace core {

Period read_period(const Parameters& parameters, Refusals& refusals) {
    const auto read_time = [&](std::string_view name, std::int64_t default_time) {
        if (!is_given(parameters, name)) return default_time;
        const auto time = whole_number(*parameters.find(name), kMaxTime);
        if (!time) refusals.push_back(invalid(name));
        return time.value_or(default_time);
    };
    const Period defaults;
    const std::int64_t start = read_time("start", defaults.start);
    const std::int64_t end = read_time("end", defaults.end);
    // An invalid time counts as its default here, and a default start or end never makes start > end.
    if (start > end) refusals.push_back(kStartAfterEnd);
    return {start, end};
}

std::string edges_of(const Period& period) {
    return "{" + std::to_string(period.start) + "," + std::to_string(period.end) + "}";
}

}  // namespace core
