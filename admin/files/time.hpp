#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace admin::files {

/// A point in time, 1970..9999, in microseconds since 1970, from Unix seconds (`1543602677`) or ISO 8601 with an offset
/// (`2018-11-30T18:31:17Z`, `2018-11-30 19:31:17.25+01:00`; seconds may be left out, the offset may be `+01` or
/// `+0100`). Either may have a fraction, of which six digits count. nullopt for anything else: `2018-11-30T18:31:17`
/// could mean any of a day's hours.
std::optional<std::int64_t> read_time(std::string_view text);

/// Appends a time that read_time() gave, as PostgreSQL reads it whatever its settings.
void append_time(std::string& out, std::int64_t time);

}  // namespace admin::files
