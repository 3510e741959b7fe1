#pragma once

#include <array>
#include <string_view>

#include "admin/files/lines.hpp"

namespace admin::events {

/// A line of Asterisk's queue_log: `epoch|callid|queue|agent|EVENT|data...`. The fields point into the text of the
/// line.
struct AsteriskLine {
    static constexpr std::size_t kEvent = 4;

    std::array<std::string_view, 6> fields;  ///< time, call id, queue, agent, event, and all data with their pipes

    /// Splits a line into its fields. Returns what is wrong with the line, or an empty text. What the event means, and
    /// whether its data make sense, says the database (asterisk_event() in sql/migrations).
    std::string_view read(const files::Line& line);
};

}  // namespace admin::events
