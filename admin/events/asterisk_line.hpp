#pragma once

#include <array>
#include <string_view>

#include "admin/files/lines.hpp"

namespace admin::events {

/// A line of Asterisk's queue_log: `epoch|callid|queue|agent|EVENT|data...`. The texts are the line's own.
struct AsteriskLine {
    static constexpr std::size_t kEvent = 4;

    std::array<std::string_view, 6> fields;  ///< time, call id, queue, agent, event; then all data, pipes included

    /// Takes a line apart. Returns what is wrong with it, else an empty text. What the event means, and whether its
    /// data make sense, is the database's to say (migration 3).
    std::string_view read(const files::Line& line);
};

}  // namespace admin::events
