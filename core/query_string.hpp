#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// "a=1;b=2" -> pairs, and the decoding of one name or value. A query string is split first and decoded after:
/// "password=a%26b" is one pair whose value is "a&b".
namespace core {

/// One pair as received, still encoded. Views into the text that was split.
struct EncodedPair {
    std::string_view name;   ///< before the first `=`
    std::string_view value;  ///< after it; empty when there is none
};

/// The pairs between `;` and `&`, which may be mixed; empty ones are left out. At most max_pairs + 1 are returned:
/// one more than allowed tells the caller that there are too many.
std::vector<EncodedPair> split_pairs(std::string_view text, std::size_t max_pairs);

/// `%XX` and `+` (a space) decoded once. Nothing for a malformed escape (`%`, `%4`, `%zz`), invalid UTF-8 or a NUL (see
/// is_text).
std::optional<std::string> decode(std::string_view encoded);

}  // namespace core
