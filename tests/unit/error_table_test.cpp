#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "core/function.hpp"

namespace {

/// "code message" of every refusal in the code.
std::set<std::string> refusals_in_code() {
    core::Refusals all;
    for (const core::Code code : core::kAllCodes) all.push_back(core::refusal(code));
    all.push_back(core::unreadable(""));
    all.push_back(core::no_such_queue("queue"));
    all.push_back(core::no_such_destination("queue"));
    for (const core::Function& function : core::all_functions()) {
        for (const std::string_view name : function.parameters)
            if (name != "dtype" && name != "dnumber") all.push_back(core::invalid(name));  // any text is valid
        for (const core::Invalid& also : function.also) all.push_back(also);
    }

    std::set<std::string> lines;
    for (const core::Refusal& refusal : all)
        lines.insert(std::to_string(core::status_of(refusal.code)) + " " + std::string{refusal.message});
    return lines;
}

std::string trimmed(const std::string& cell) {
    const std::size_t first = cell.find_first_not_of(' ');
    return first == cell.npos ? "" : cell.substr(first, cell.find_last_not_of(' ') - first + 1);
}

/// "code message" of every row between the markers in README: | code | key | message | when |
std::set<std::string> refusals_in_readme() {
    std::ifstream readme{"README.md"};
    BOOST_REQUIRE_MESSAGE(readme, "run from the project's root");
    std::set<std::string> rows;
    bool inside = false;
    for (std::string line; std::getline(readme, line);) {
        if (line == "<!-- errors -->") inside = true;
        if (line == "<!-- /errors -->") inside = false;
        if (!inside) continue;
        std::istringstream cells{line};
        std::string nothing, code, key, message;
        std::getline(std::getline(std::getline(std::getline(cells, nothing, '|'), code, '|'), key, '|'), message, '|');
        if (!trimmed(code).empty() && trimmed(code).find_first_not_of("0123456789") == std::string::npos)
            rows.insert(trimmed(code) + " " + trimmed(message));
    }
    return rows;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(error_table)

BOOST_AUTO_TEST_CASE(the_readme_has_exactly_the_refusals_of_the_code) {
    const auto in_code = refusals_in_code();
    const auto in_readme = refusals_in_readme();
    BOOST_TEST(in_readme == in_code, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
