#pragma once

#include <cstdint>
#include <optional>

/// queue-statistics check
namespace admin {

/// Compares the sums with the calls, of all queues or of `sample` ones drawn by chance, each under one snapshot while
/// everything goes on. Lists every difference; true when there is none. Never any, unless triggers were switched off,
/// or the roll-up's tables were changed by hand: `roll-up --rebuild` mends it.
bool check_sums(std::optional<std::int64_t> sample);

}  // namespace admin
