#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

#include "tests/fuzz/fuzz.hpp"

/// FILE...: gives each file to the target once. Prints the file's name before, so that the last name belongs to the
/// file that broke the target. Does not need clang.
int main(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        std::cout << argv[i] << std::endl;
        std::ifstream file{argv[i], std::ios::binary};
        if (!file) return 2;
        const std::vector<char> content{std::istreambuf_iterator<char>{file}, {}};
        const std::vector<std::uint8_t> bytes{
            content.begin(), content.end()};  // a copy of that exact size, so that a sanitizer sees reads beyond it
        LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    }
    return 0;
}
