#define BOOST_TEST_DYN_LINK
#include "core/figures.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/db/database.hpp"

namespace {

std::string file(const std::string& name) {
    std::ifstream stream{name};
    BOOST_REQUIRE_MESSAGE(stream, name + ": run from the project's root");
    return {std::istreambuf_iterator<char>{stream}, {}};
}

/// What calls are counted as: their figures, the table of their sums, and every place that names the columns of sums.
struct Kind {
    std::vector<core::Figure> figures;
    std::string table;
    std::string parts;  ///< the function that reads sums for an answer
    std::vector<std::string> functions;
    std::vector<std::string> files{};
};

const std::vector<Kind>& kinds() {
    static const std::vector<Kind> all{
        {{core::offer_figures().begin(), core::offer_figures().end()},
         "rollup_sums",
         "offer_parts",
         {"sums_of_calls", "sums_of_sums", "offer_parts"},
         {"tests/rollup/plain/queue_statistics.sql", "tests/rollup/plain/destination_statistics.sql"}},
        {core::caller_figures(0, core::wait_limits()),
         "rollup_caller_sums",
         "caller_parts",
         {"sums_of_callers", "sums_of_caller_sums", "caller_parts"},
         {"tests/rollup/plain/caller_statistics.sql"}}};
    return all;
}

/// The names by which figures are read from sums.
std::set<std::string> columns(const Kind& kind) {
    std::set<std::string> names;
    for (const core::Figure& figure : kind.figures)
        if (!figure.sums.empty()) names.emplace(figure.sums);
    return names;
}

/// The columns of a table of sums, in their order, with something between them.
std::string stored(test::Database& database, const Kind& kind, const std::string& between) {
    return database.value("select string_agg(attname, '" + between +
                          "' order by attnum) from pg_attribute "
                          "where attrelid = 'queue_statistics." +
                          kind.table +
                          "'::regclass and attnum > 0 "
                          "and not attisdropped");
}

/// Every place that says which columns there are: where a sum is kept, made, read, and computed apart.
std::map<std::string, std::string> places(test::Database& database, const Kind& kind) {
    std::map<std::string, std::string> texts{{"table " + kind.table, stored(database, kind, " ")}};
    for (const std::string& name : kind.files) texts[name] = file(name);
    for (const std::string& name : kind.functions)
        texts["function " + name + "()"] = database.value("select prosrc from pg_proc where proname = '" + name + "'");
    return texts;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(figures)

BOOST_AUTO_TEST_CASE(every_figure_has_its_column_in_every_place) {
    test::Database database;
    for (const Kind& kind : kinds())
        for (const auto& [place, text] : places(database, kind))
            for (const std::string& column : columns(kind))
                BOOST_CHECK_MESSAGE(std::regex_search(text, std::regex{"\\b" + column + "\\b"}),
                                    place << " lacks the column " << column);
}

BOOST_AUTO_TEST_CASE(every_stored_sum_is_of_a_figure) {
    test::Database database;
    const std::set<std::string> keys{"queue", "destination", "width", "minute"};
    for (const Kind& kind : kinds()) {
        const std::string names = stored(database, kind, " ");
        const std::regex word{"\\w+"};
        for (std::sregex_iterator it{names.begin(), names.end(), word}, end; it != end; ++it)
            BOOST_CHECK_MESSAGE(keys.contains(it->str()) || columns(kind).contains(it->str()),
                                "core/figures has no figure of the column " << it->str() << " of " << kind.table);
    }
}

BOOST_AUTO_TEST_CASE(sums_are_named_in_the_order_of_their_table) {
    test::Database database;
    for (const Kind& kind : kinds()) {
        const std::string names =
            "(" + std::regex_replace(stored(database, kind, ","), std::regex{"\\bminute\\b"}, "period") + ")";
        const std::string source = database.value("select prosrc from pg_proc where proname = '" + kind.parts + "'");
        BOOST_TEST(std::regex_replace(source, std::regex{"'\\s+'"}, "").find(names) != std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
