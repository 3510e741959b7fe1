#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Splitting a query string ("a=1;b=2") into pairs, and decoding one name or value. Split first, decode after:
/// "password=a%26b" is one pair whose value is "a&b".
namespace core {

/// One pair as received, still encoded. Both are views into the text that was split.
struct EncodedPair {
    std::string_view name;   ///< before the first `=`
    std::string_view value;  ///< after the first `=`; empty when the pair has no `=`
};

/// The pairs of text. `;` and `&` separate pairs and may be mixed. Empty pairs are left out. Returns at most
/// max_pairs + 1 pairs: max_pairs + 1 of them mean that text has too many.
std::vector<EncodedPair> split_pairs(std::string_view text, std::size_t max_pairs);

/// The text with each `%XX` and each `+` (a space) decoded once. Returns nullopt for a malformed escape (`%`, `%4`,
/// `%zz`), and when the decoded bytes are not is_text(): invalid UTF-8 or a NUL.
std::optional<std::string> decode(std::string_view encoded);

}  // namespace core
