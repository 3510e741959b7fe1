#include "core/query_string.hpp"

#include <algorithm>
#include <string>

#include "core/text.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

std::string encoded(std::string_view text) {
    constexpr char kHex[] = "0123456789aBcDeF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
    return out;
}

}  // namespace

/// The input is a query string.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    const std::vector<core::EncodedPair> all = core::split_pairs(text, size);
    for (const std::size_t most : {0U, 1U, 64U})
        MUST(core::split_pairs(text, most).size() == std::min(all.size(), most + 1));

    std::string joined;
    for (const auto& [name, value] : all) {
        MUST(name.find_first_of(";&=") == name.npos && value.find_first_of(";&") == value.npos);
        joined.append(name).append("=").append(value).append("&");
    }
    const std::vector<core::EncodedPair> again = core::split_pairs(joined, size);
    MUST(again.size() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i) MUST(again[i].name == all[i].name && again[i].value == all[i].value);

    if (const auto decoded = core::decode(text)) {
        MUST(core::is_text(*decoded) && decoded->size() <= size);
        MUST(core::decode(encoded(*decoded)) == decoded);
    }
    MUST(core::decode(encoded(text)).has_value() == core::is_text(text));
    return 0;
}
