#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "admin/files/json.hpp"

using admin::files::JsonSplitter;

namespace {

using Objects = std::vector<std::string>;

/// "line: object" per object and "line! problem" per broken one of text, which arrives in pieces.
Objects split(const std::string& text, std::size_t piece) {
    std::size_t done = 0;
    JsonSplitter splitter{[&](char* buffer, std::size_t size) {
        const std::size_t length = std::min({piece, size, text.size() - done});
        std::copy_n(text.data() + done, length, buffer);
        done += length;
        return length;
    }};
    Objects objects;
    for (JsonSplitter::Object object; splitter.next(object);) {
        const std::string problem = object.problem;
        objects.push_back(std::to_string(object.line) + (problem.empty() ? ": " + object.text : "! " + problem));
    }
    return objects;
}

void check(const std::string& text, const Objects& expected) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{1} << 20})
        BOOST_TEST(split(text, piece) == expected, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_splitter)

BOOST_AUTO_TEST_CASE(objects_stand_one_after_the_other_or_in_arrays) {
    check("", {});
    check(" \r\n[]\n", {});
    check("{\"a\":1}{\"b\":2}\n\n{}", {"1: {\"a\":1}", "1: {\"b\":2}", "3: {}"});
    check("[{\"a\":1},\n {\"b\":[{}]}]\n[{}]", {"1: {\"a\":1}", "2: {\"b\":[{}]}", "3: {}"});
}

BOOST_AUTO_TEST_CASE(an_object_over_several_lines_becomes_one) {
    check("{\n\"a\":\r\n1}\n{}", {"1: {\"a\":1}", "4: {}"});
}

BOOST_AUTO_TEST_CASE(brackets_within_strings_do_not_count) {
    check(R"({"a":"}{]["}{"b":"\"}"}{"c":"\\"})", {R"(1: {"a":"}{]["})", R"(1: {"b":"\"}"})", R"(1: {"c":"\\"})"});
}

BOOST_AUTO_TEST_CASE(what_is_not_an_object_costs_its_line) {
    check("a,{}\n{}\nnull", {"1! no JSON object", "2: {}", "3! no JSON object"});
}

BOOST_AUTO_TEST_CASE(an_object_that_does_not_end_is_broken) {
    check("{}\n{\"a\":{}", {"1: {}", "2! the object does not end"});
    check("{\"a\\", {"1! the object does not end"});
}

BOOST_AUTO_TEST_CASE(an_object_over_a_mebibyte_is_broken_and_the_next_is_read) {
    const std::string longest = "{\"a\":\"" + std::string(JsonSplitter::kMaxBytes - 8, 'x') + "\"}";
    check(longest + "{}", {"1: " + longest, "1: {}"});
    check(longest.substr(0, 6) + "y" + longest.substr(6) + "\n{}", {"1! the object is longer than 1 MiB", "2: {}"});
}

BOOST_AUTO_TEST_SUITE_END()
