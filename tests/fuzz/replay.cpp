#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

#include "tests/fuzz/fuzz.hpp"

/// FILE...: gives each file to the target once, naming it first, so that the last name is the one that broke it. Needs
/// no clang.
int main(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        std::cout << argv[i] << std::endl;
        std::ifstream file{argv[i], std::ios::binary};
        if (!file) return 2;
        const std::vector<char> content{std::istreambuf_iterator<char>{file}, {}};
        const std::vector<std::uint8_t> bytes{content.begin(), content.end()};  // no byte more than the input's
        LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    }
    return 0;
}
