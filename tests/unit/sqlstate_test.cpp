#include "sql/sqlstate.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

using Kind = core::StoreFailure::Kind;

std::string kind_and_answer(Kind kind) {
    switch (kind) {
        case Kind::kUnavailable:
            return "unavailable | 503";
        case Kind::kTooSlow:
            return "too slow | 504";
        case Kind::kBroken:
            return "broken | 500";
    }
    return "";
}

std::string words(sql::Retry retry) {
    switch (retry) {
        case sql::Retry::kNo:
            return "no";
        case sql::Retry::kSameSession:
            return "yes";
        case sql::Retry::kNewSession:
            return "on a new connection";
    }
    return "";
}

/// "SQLSTATE | kind | answer | tried again | remedy" of every entry in the code.
std::set<std::string> in_code() {
    std::set<std::string> lines;
    for (const sql::SqlState& state : sql::sqlstates()) {
        std::string name{state.prefix};
        if (name.empty())
            name = "any other";
        else if (name.size() < 5)
            name += '*';
        lines.insert(name + " | " + kind_and_answer(state.kind) + " | " + words(state.retry) + " | " +
                     std::string{state.remedy});
    }
    return lines;
}

std::string trimmed(const std::string& cell) {
    const std::size_t first = cell.find_first_not_of(' ');
    return first == cell.npos ? "" : cell.substr(first, cell.find_last_not_of(' ') - first + 1);
}

/// The same for every row between the markers in docs/operations.md. The second column is for people and left out.
std::set<std::string> in_docs() {
    std::ifstream docs{"docs/operations.md"};
    BOOST_REQUIRE_MESSAGE(docs, "run from the project's root");
    std::set<std::string> rows;
    bool inside = false;
    int line_number = 0;
    for (std::string line; std::getline(docs, line);) {
        if (line == "<!-- sqlstates -->") inside = true;
        if (line == "<!-- /sqlstates -->") inside = false;
        if (!inside || ++line_number <= 3) continue;  // the marker and the table's header
        std::vector<std::string> cells;
        std::istringstream rest{line};
        for (std::string cell; std::getline(rest, cell, '|');) cells.push_back(trimmed(cell));
        BOOST_REQUIRE_MESSAGE(cells.size() == 7, line);  // the cell before the first | is empty
        rows.insert(cells[1] + " | " + cells[3] + " | " + cells[4] + " | " + cells[5] + " | " + cells[6]);
    }
    return rows;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sqlstate)

BOOST_AUTO_TEST_CASE(the_docs_have_exactly_the_sqlstates_of_the_code) {
    BOOST_TEST(in_docs() == in_code(), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(no_entry_hides_another) {
    for (const sql::SqlState& state : sql::sqlstates()) BOOST_TEST(&sql::find_sqlstate(state.prefix) == &state);
}

BOOST_AUTO_TEST_CASE(every_sqlstate_has_its_kind) {
    BOOST_CHECK(sql::kind_of("57014") == Kind::kTooSlow);
    for (const char* state :
         {"55P03", "53000", "53100", "53200", "53300", "53400", "08000", "08003", "08006", "08P01", "57P01",
          "57P02", "57P03", "57P04", "57P05", "40001", "40P01", "3F000", "42P01", "42883", "42501", ""})
        BOOST_CHECK_MESSAGE(sql::kind_of(state) == Kind::kUnavailable, state);
    for (const char* state : {"22P02", "42601", "42703", "XX000", "26000", "0A000", "23505", "57000", "40002"})
        BOOST_CHECK_MESSAGE(sql::kind_of(state) == Kind::kBroken, state);
}

BOOST_AUTO_TEST_CASE(what_passes_by_itself_is_transient) {
    for (const char* state : {"08006", "25006", "40001", "40P01", "53300", "55P03", "57014", "57P01", "57P03"})
        BOOST_CHECK_MESSAGE(sql::find_sqlstate(state).transient, state);
    for (const char* state : {"0A000", "23503", "26000", "3F000", "42501", "42883", "42P01", "42P05", "XX000"})
        BOOST_CHECK_MESSAGE(!sql::find_sqlstate(state).transient, state);
}

BOOST_AUTO_TEST_CASE(only_data_exceptions_quote_a_value) {
    BOOST_TEST(sql::quotes_value("22P02"));
    BOOST_TEST(!sql::quotes_value("42P01"));
}

BOOST_AUTO_TEST_SUITE_END()
