#include "http/csv.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>
#include <vector>

namespace {

/// The line of an answer with one text.
std::string field(std::string_view text) {
    core::Answer answer{core::Answer::Shape::kArray, {{"dnumber"}}};
    answer.add(text);
    const std::string body = http::csv_body(answer);
    BOOST_TEST(body.starts_with("dnumber\r\n"));
    BOOST_TEST(body.ends_with("\r\n"));
    return body.substr(9, body.size() - 11);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv)

BOOST_AUTO_TEST_CASE(numbers_are_those_of_json_and_null_is_nothing) {
    core::Answer answer{core::Answer::Shape::kArray, {{"a"}, {"b"}, {"c"}, {"d"}, {"e"}, {"f"}}};
    answer.add(std::int64_t{-7});
    answer.add(std::int64_t{9223372036854775807});
    for (const std::int64_t hundredths : {1200, 1250, 1234}) answer.add({core::Cell::Kind::kHundredths, hundredths});
    answer.add(core::Cell{});
    BOOST_TEST(http::csv_body(answer) == "a,b,c,d,e,f\r\n-7,9223372036854775807,12,12.5,12.34,\r\n");
}

BOOST_AUTO_TEST_CASE(without_rows_there_is_the_line_of_names) {
    BOOST_TEST(http::csv_body({core::Answer::Shape::kArray, {{"start"}, {"end"}}}) == "start,end\r\n");
}

BOOST_AUTO_TEST_CASE(items_have_columns_of_their_own) {
    static constexpr core::Item kItem{"service_levels", "seconds", 20};
    core::Answer answer{core::Answer::Shape::kObject, {{"calls"}, {"service_level_20", &kItem, "percent"}}};
    answer.add(std::int64_t{1});
    answer.add({core::Cell::Kind::kHundredths, 5000});
    BOOST_TEST(http::csv_body(answer) == "calls,service_level_20\r\n1,50\r\n");
}

BOOST_AUTO_TEST_CASE(quotes_stand_only_where_they_are_needed) {
    const std::vector<std::pair<std::string, std::string>> fields{
        {"phone", "phone"},
        {"", ""},
        {" a b ", " a b "},
        {"a;b", "a;b"},
        {"a,b", "\"a,b\""},
        {"a\nb", "\"a\nb\""},
        {"a\rb", "\"a\rb\""},
        {"a\"b", "\"a\"\"b\""},
        {"'", "'"},
        {"é", "é"},
        {"1234567", "1234567"},
        {"007", "007"},
    };
    for (const auto& [text, written] : fields) BOOST_TEST(field(text) == written);
}

BOOST_AUTO_TEST_CASE(no_text_is_a_formula) {
    const std::vector<std::pair<std::string, std::string>> fields{
        {"=1+1", "'=1+1"},        {"-1", "'-1"},         {"@SUM(1)", "'@SUM(1)"},
        {"\t=1", "'\t=1"},        {"\r=1", "\"'\r=1\""}, {"=\"a\",1", "\"'=\"\"a\"\",1\""},
        {"+4930123", "+4930123"}, {"+0", "+0"},          {"+", "'+"},
        {"+1-1", "'+1-1"},        {"+49 30", "'+49 30"}, {"++1", "'++1"},
        {"1=1", "1=1"},           {" =1", " =1"},
    };
    for (const auto& [text, written] : fields) BOOST_TEST(field(text) == written);
}

BOOST_AUTO_TEST_SUITE_END()
