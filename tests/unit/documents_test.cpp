/// What README and the web servers' files say of the functions and figures, against core's tables, and the examples of
/// docs/statistics.md against its formulas.

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iomanip>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "core/figures.hpp"
#include "core/function.hpp"
#include "core/listing.hpp"

namespace {

using Names = std::set<std::string>;

std::string file(const std::string& name) {
    std::ifstream stream{name};
    BOOST_REQUIRE_MESSAGE(stream, name + ": run from the project's root");
    return {std::istreambuf_iterator<char>{stream}, {}};
}

/// The words of the first column of README's table between `<!-- NAME -->` and `<!-- /NAME -->`, without its head.
Names first_column(const std::string& name) {
    const std::string readme = file("README.md");
    const std::size_t begin = readme.find("<!-- " + name + " -->");
    const std::size_t end = readme.find("<!-- /" + name + " -->");
    BOOST_REQUIRE(begin != readme.npos && end != readme.npos);
    std::istringstream lines{readme.substr(begin, end - begin)};
    Names words;
    std::string line;
    for (int row = -2; std::getline(lines, line);) {
        if (line.empty() || line.front() != '|' || row++ < 0) continue;
        const std::string cell = line.substr(1, line.find('|', 1) - 1);
        const std::regex word{"[\\w/]+"};
        for (std::sregex_iterator it{cell.begin(), cell.end(), word}, last; it != last; ++it) words.insert(it->str());
    }
    return words;
}

Names functions_in_core() {
    Names paths;
    for (const core::Function& function : core::all_functions()) paths.emplace(function.path);
    return paths;
}

/// The functions that a web server hands to the responders.
Names functions_served(const std::string& configuration) {
    const std::string text = file(configuration);
    const std::regex location{R"(/api/json/\(\?:([^)]*)\)/\?\$)"};
    std::smatch found;
    BOOST_REQUIRE(std::regex_search(text, found, location));
    Names paths;
    std::istringstream alternatives{found[1]};
    for (std::string path; std::getline(alternatives, path, '|');) paths.insert(path);
    return paths;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(documents)

BOOST_AUTO_TEST_CASE(the_readme_has_exactly_the_functions_of_the_code) {
    BOOST_TEST(first_column("functions") == functions_in_core(), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_web_servers_serve_exactly_the_functions_of_the_code) {
    for (const char* configuration : {"nginx/queue-statistics.conf", "apache/queue-statistics.conf"}) {
        BOOST_TEST_CONTEXT(configuration) {
            BOOST_TEST(functions_served(configuration) == functions_in_core(), boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(the_readme_has_exactly_the_fields_of_the_lists) {
    Names fields;
    for (const core::ListedColumn& column : core::kQueueColumns) fields.emplace(column.name);
    for (const core::ListedColumn& column : core::kDestinationColumns) fields.emplace(column.name);
    BOOST_TEST(first_column("listed") == fields, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_readme_has_exactly_the_figures_of_the_code) {
    Names figures{"dtype", "dnumber", "destination"};
    for (const core::Figure& figure : core::offer_figures()) figures.emplace(figure.name);
    BOOST_TEST(first_column("figures") == figures, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_readme_has_exactly_the_figures_of_callers) {
    Names figures;
    for (const core::Figure& figure : core::caller_figures(0, core::wait_limits()))
        figures.emplace(figure.item == nullptr ? figure.name : figure.item->list);
    BOOST_TEST(first_column("callers") == figures, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_service_levels_of_the_real_log_follow_from_its_counts) {
    const std::string text = file("docs/statistics.md");
    const std::regex counts{
        R"((\d+)\scallers,\sof\swhom\s(\d+)\swere\sanswered\s\((\d+)\sof\sthem\swithin\s20\ss\),\s)"
        R"((\d+)\sabandoned\s\((\d+)\swithin\s20\ss\),\s(\d+)\sleft\safter\sthe\stimeout,\sand\s(\d+)\sstill\swait)"};
    std::smatch told;
    BOOST_REQUIRE(std::regex_search(text, told, counts));
    const auto count = [&told](std::size_t place) { return std::stoi(told[place]); };
    BOOST_TEST(count(1) == count(2) + count(4) + count(6) + count(7));
    const std::map<std::string, int> values{{"C", count(1)}, {"A", count(2)}, {"A(T)", count(3)},
                                            {"B", count(4)}, {"W", count(7)}, {"B(T)", count(5)},
                                            {"S", 0}};
    const auto sum = [&values](std::string terms) {  // such as "(C - W - S)" or "A(T)"
        if (terms.starts_with('(')) terms = terms.substr(1, terms.size() - 2);
        std::istringstream words{"+ " + terms};
        int total = 0;
        for (std::string sign, name; words >> sign >> name;) total += (sign == "-" ? -1 : 1) * values.at(name);
        return total;
    };
    const std::regex row{R"(\| ([^|]*) \| ([^|/]*) / ([^|/]*) \| ([\d.]+) % \|)"};
    int rows = 0;
    for (std::sregex_iterator it{text.begin(), text.end(), row}, last; it != last; ++it, ++rows) {
        std::ostringstream percent;
        percent << std::fixed << std::setprecision(2) << 100.0 * sum((*it)[2]) / sum((*it)[3]);
        BOOST_TEST(percent.str() == (*it)[4], (*it)[1] << ": " << percent.str() << " %");
    }
    BOOST_TEST(rows == 11);
}

BOOST_AUTO_TEST_SUITE_END()
