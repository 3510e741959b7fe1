#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace admin::files {

/// Reads a point in time as microseconds since 1970. Two forms are known: Unix seconds (`1543602677`), and ISO 8601
/// with an offset (`2018-11-30T18:31:17Z`, `2018-11-30 19:31:17.25+01:00`; the seconds may be left out, the offset may
/// be `+01` or `+0100`). Both may have a fraction, of which six digits count. Returns nullopt for anything else, for
/// years outside 1970..9999, and for ISO 8601 without an offset, which could mean any of a day's hours.
std::optional<std::int64_t> read_time(std::string_view text);

/// Appends a time of read_time() in a form that PostgreSQL reads right under any DateStyle and TimeZone.
void append_time(std::string& out, std::int64_t time);

}  // namespace admin::files
