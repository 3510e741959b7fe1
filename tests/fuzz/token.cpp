#include "core/access/token.hpp"

#include <string>

#include "tests/fuzz/fuzz.hpp"
#include "tests/unit/tokens.hpp"

/// The input is a token.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    const auto claims = core::access::read_token(text);
    if (!claims) return 0;
    MUST(size <= core::access::kMaxTokenBytes);
    MUST(claims->person > 0 && claims->ends > 0 && claims->id.value_or(1) > 0);
    // The claims have no other spelling, and the signature is 32 bytes that have none either.
    std::string right = R"({"sub":")" + std::to_string(claims->person) + R"(","exp":)" + std::to_string(claims->ends) +
                        R"(,"fp":")" + claims->fingerprint + '"';
    if (claims->id) right += R"(,"jti":")" + std::to_string(*claims->id) + '"';
    const std::string spelt = test::token(right + '}');
    MUST(text.substr(0, text.rfind('.')) == std::string_view{spelt}.substr(0, spelt.rfind('.')));
    MUST(text.size() == spelt.size());
    return 0;
}
