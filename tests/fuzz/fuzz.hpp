#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

/// What every fuzz target shares. A target is one file, `tests/fuzz/TARGET.cpp`, which defines
/// LLVMFuzzerTestOneInput(). That function feeds data to the code and checks what must hold for any data. libFuzzer
/// calls it with mutated inputs
/// (`make fuzz`), replay.cpp with those of corpus/TARGET (`make check`).
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};  // NOLINT: bytes are bytes
}

/// Removes the text before the next separator from input, with the separator, and returns the text. Removes all of
/// input when it has no separator.
inline std::string_view take(std::string_view& input, char separator = '\n') {
    const std::size_t end = input.find(separator);
    const std::string_view taken = input.substr(0, end);
    input.remove_prefix(end == input.npos ? input.size() : end + 1);
    return taken;
}

[[noreturn]] inline void fail(const char* file, int line, const char* what) {
    std::fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    std::abort();
}

}  // namespace fuzz

/// Ends the process unless condition holds. libFuzzer and replay both count that as a finding.
#define MUST(condition) ((condition) ? void() : fuzz::fail(__FILE__, __LINE__, #condition))
