#define BOOST_TEST_DYN_LINK
#include "core/figures.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "tests/db/database.hpp"

namespace {

std::string file(const std::string& name) {
    std::ifstream stream{name};
    BOOST_REQUIRE_MESSAGE(stream, name + ": run from the project's root");
    return {std::istreambuf_iterator<char>{stream}, {}};
}

/// The names by which the figures of offers are read from sums.
std::set<std::string> columns() {
    std::set<std::string> names;
    for (const core::Figure& figure : core::offer_figures())
        if (!figure.sums.empty()) names.emplace(figure.sums);
    return names;
}

/// Every place that says which columns there are: where a sum is kept, made, read, and computed apart.
std::map<std::string, std::string> places(test::Database& database) {
    std::map<std::string, std::string> texts{
        {"tests/rollup/plain/queue_statistics.sql", file("tests/rollup/plain/queue_statistics.sql")},
        {"tests/rollup/plain/destination_statistics.sql", file("tests/rollup/plain/destination_statistics.sql")},
        {"table rollup_sums", database.value("select string_agg(attname, ' ') from pg_attribute "
                                             "where attrelid = 'queue_statistics.rollup_sums'::regclass")}};
    for (const std::string name : {"sums_of_calls", "sums_of_sums", "offer_parts"})
        texts["function " + name + "()"] = database.value("select prosrc from pg_proc where proname = '" + name + "'");
    return texts;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(figures)

BOOST_AUTO_TEST_CASE(every_figure_has_its_column_in_every_place) {
    test::Database database;
    for (const auto& [place, text] : places(database))
        for (const std::string& column : columns())
            BOOST_CHECK_MESSAGE(std::regex_search(text, std::regex{"\\b" + column + "\\b"}),
                                place << " lacks the column " << column);
}

BOOST_AUTO_TEST_CASE(every_stored_sum_is_of_a_figure) {
    test::Database database;
    const std::set<std::string> keys{"queue", "destination", "width", "minute"};
    const std::string stored = database.value(
        "select string_agg(attname, ' ') from pg_attribute "
        "where attrelid = 'queue_statistics.rollup_sums'::regclass and attnum > 0 and not attisdropped");
    const std::regex word{"\\w+"};
    for (std::sregex_iterator it{stored.begin(), stored.end(), word}, end; it != end; ++it)
        BOOST_CHECK_MESSAGE(keys.contains(it->str()) || columns().contains(it->str()),
                            "core/figures has no figure of the column " << it->str());
}

BOOST_AUTO_TEST_CASE(offer_parts_names_sums_in_the_order_of_their_table) {
    test::Database database;
    const std::string names = database.value(
        "select '(' || string_agg(replace(attname, 'minute', 'period'), ',' order by attnum) || ')' from pg_attribute "
        "where attrelid = 'queue_statistics.rollup_sums'::regclass and attnum > 0 and not attisdropped");
    const std::string source = database.value("select prosrc from pg_proc where proname = 'offer_parts'");
    BOOST_TEST(std::regex_replace(source, std::regex{"'\\s+'"}, "").find(names) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
