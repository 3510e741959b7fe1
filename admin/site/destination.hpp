#pragma once

#include <cstdint>
#include <optional>
#include <string>

/// queue-statistics destination ...
namespace admin {

/// dtype and dnumber are any text; together at most this many bytes, as the index over both can hold no more.
inline constexpr std::size_t kMaxDestinationBytes = 2600;

struct NewDestination {
    std::optional<std::int64_t> id;  ///< none: the next
    std::int64_t queue = 0;
    std::string dtype;  ///< phone, forward, peer, sipuri, ...
    std::string dnumber;
};

/// Adds a destination to a queue, or puts a removed one back under its old id. Prints the id.
void add_destination(const NewDestination& destination);

void list_destinations(std::int64_t queue);

/// The destination is offered no more calls; its earlier ones stay in the statistics.
void remove_destination(std::int64_t id);

}  // namespace admin
