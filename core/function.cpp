#include "core/function.hpp"

#include <algorithm>

#include "core/functions.hpp"

namespace core {

std::span<const Function> all_functions() {
    static const std::vector<Function> all = [] {
        std::vector<Function> made;
        made.reserve(functions::kAll.size());
        for (const auto make : functions::kAll) made.push_back(make());
        return made;
    }();
    return all;
}

const Function* find_function(std::string_view path) {
    const auto all = all_functions();
    const auto found = std::ranges::find(all, path, &Function::path);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace core
