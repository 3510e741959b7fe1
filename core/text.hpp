#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Reading text that comes from outside. No function here throws because of what a text contains.
namespace core {

/// Whether text is valid UTF-8 without a NUL. Overlong forms, surrogates and values over U+10FFFF are invalid (RFC
/// 3629).
bool is_text(std::string_view text);

/// The number that text writes in ASCII digits, 0 <= number <= max. Leading zeros are fine. Returns nullopt for
/// anything else: "", "-1", "+1", " 1", "1.0", "1e3", "0x10", or a number above max.
std::optional<std::int64_t> whole_number(std::string_view text, std::int64_t max);

/// The bytes of base64 as RFC 4648, section 4 defines it: standard alphabet, with padding, without line breaks. Returns
/// nullopt when encoded is malformed or empty.
std::optional<std::string> decode_base64(std::string_view encoded);

/// The bytes of base64url (RFC 4648, section 5) without padding. Returns nullopt for another character, a length that
/// none has, and bits that belong to no byte and are not 0.
std::optional<std::string> decode_base64url(std::string_view encoded);

/// Whether text equals lower when the case of ASCII letters is ignored. Precondition: lower has no capital letters.
bool equal_ignoring_case(std::string_view text, std::string_view lower);

}  // namespace core
