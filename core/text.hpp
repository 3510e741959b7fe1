#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Reading texts that come from outside. Nothing here throws for what a text says.
namespace core {

/// Whether text is valid UTF-8 (RFC 3629: no overlong forms, surrogates, or values over U+10FFFF) without a NUL.
bool is_text(std::string_view text);

/// A whole number of ASCII digits, 0 <= number <= max; leading zeros are fine. Nothing for anything else: "", "-1",
/// "+1", " 1", "1.0", "1e3", "0x10", or a number above max.
std::optional<std::int64_t> whole_number(std::string_view text, std::int64_t max);

/// RFC 4648, section 4: standard alphabet, padded, no line breaks. Nothing when it is malformed or empty.
std::optional<std::string> decode_base64(std::string_view encoded);

/// Whether text is `lower` in any case of ASCII letters. lower: without capitals.
bool equal_ignoring_case(std::string_view text, std::string_view lower);

}  // namespace core
