#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "core/error.hpp"

namespace {

using core::Code;

/// "code message" of every refusal there is.
std::set<std::string> refusals_in_code() {
    core::Errors all;
    for (const Code code : {Code::kOk, Code::kInvalid, Code::kUnauthenticated, Code::kRoleForbids, Code::kNotFound,
                            Code::kMethodNotAllowed, Code::kTooLarge, Code::kUnsupportedMediaType,
                            Code::kTooManyAttempts, Code::kInternal, Code::kUnavailable, Code::kTooSlow})
        all.push_back(core::refusal(code));
    for (const char* key : {"destination", "queue", "start", "end"}) all.push_back(core::invalid(key));
    for (const core::Error& error :
         {core::unreadable(""), core::both_destination_and_queue(), core::neither_destination_nor_queue(),
          core::start_after_end(), core::no_such_queue("queue")})
        all.push_back(error);

    std::set<std::string> lines;
    for (const core::Error& error : all)
        lines.insert(std::to_string(core::status_of(error.code)) + " " + std::string{error.message});
    return lines;
}

std::string trimmed(const std::string& cell) {
    const std::size_t first = cell.find_first_not_of(' ');
    return first == cell.npos ? "" : cell.substr(first, cell.find_last_not_of(' ') - first + 1);
}

/// "code message" of every row between the markers in the README: | code | key | message | when |
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
