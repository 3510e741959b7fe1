#include "core/parameters.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "core/query_string.hpp"
#include "core/text.hpp"

namespace core {

const std::string* Parameters::find(std::string_view name) const {
    const auto found = std::ranges::find(values_, name, [](const auto& parameter) { return parameter.first; });
    return found == values_.end() ? nullptr : &found->second;
}

Result<Parameters> read_parameters(Names known, Names also_known, std::string_view query, std::string_view body) {
    std::vector<EncodedPair> pairs = split_pairs(query, kMaxPairs);
    const std::vector<EncodedPair> more = split_pairs(body, kMaxPairs);
    pairs.insert(pairs.end(), more.begin(), more.end());
    if (pairs.size() > kMaxPairs) return unreadable("");

    Parameters parameters;
    for (const EncodedPair& pair : pairs) {
        const std::optional<std::string> received = decode(pair.name);
        if (!received) continue;
        const auto find = [&](Names names) { return std::ranges::find(names, *received); };
        auto name = find(known);
        if (name == known.end()) name = find(also_known);
        if (name == also_known.end()) continue;
        std::optional<std::string> value = parameters.contains(*name) ? std::nullopt : decode(pair.value);
        if (!value) return unreadable(*name);
        parameters.add(*name, *std::move(value));
    }
    return parameters;
}

bool is_given(const Parameters& parameters, std::string_view name) {
    const std::string* const value = parameters.find(name);
    return value != nullptr && !value->empty();
}

bool is_id_given(const Parameters& parameters, std::string_view name) {
    return is_given(parameters, name) && parameters.find(name)->find_first_not_of('0') != std::string::npos;
}

std::int64_t read_id(const Parameters& parameters, std::string_view name, Refusals& refusals) {
    const auto id = whole_number(*parameters.find(name), std::numeric_limits<std::int64_t>::max());
    if (!id) refusals.push_back(invalid(name));
    return id.value_or(0);
}

std::int64_t read_number(const Parameters& parameters, std::string_view name, std::int64_t max,
                         std::int64_t default_number, Refusals& refusals) {
    if (!is_given(parameters, name)) return default_number;
    const auto number = whole_number(*parameters.find(name), max);
    if (!number) refusals.push_back(invalid(name));
    return number.value_or(default_number);
}

GivenId read_either_id(const Parameters& parameters, std::string_view one, std::string_view other, const Invalid& both,
                       const Invalid& neither, Refusals& refusals) {
    const bool is_one = is_id_given(parameters, one);
    if (is_one == is_id_given(parameters, other)) {
        refusals.push_back(is_one ? both : neither);
        return {};
    }
    const std::string_view given = is_one ? one : other;
    return {given, read_id(parameters, given, refusals)};
}

}  // namespace core
