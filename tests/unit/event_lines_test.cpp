#define BOOST_TEST_DYN_LINK
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "admin/console/refusal.hpp"
#include "admin/events/asterisk_line.hpp"
#include "admin/events/freeswitch_records.hpp"

using admin::events::AsteriskLine;
using admin::events::FreeswitchRecords;

namespace {

/// "field/field" of a line of queue_log, or what is wrong with the line.
std::string asterisk(std::string_view text, bool too_long = false) {
    AsteriskLine line;
    const std::string_view problem = line.read({1, text, too_long});
    if (!problem.empty()) return std::string{problem};
    std::string fields;
    for (const std::string_view field : line.fields) fields.append(fields.empty() ? "" : "/").append(field);
    return fields;
}

using Records = std::vector<std::string>;

Records freeswitch(const std::string& text) {
    std::size_t done = 0;
    FreeswitchRecords records{[&](char* buffer, std::size_t size) {
                                  const std::size_t length = std::min(size, text.size() - done);
                                  std::copy_n(text.data() + done, length, buffer);
                                  done += length;
                                  return length;
                              },
                              "cdr"};
    Records all;
    for (FreeswitchRecords::Record record; records.next(record);)
        all.push_back(std::to_string(record.line) +
                      (record.problem.empty() ? ": " + record.text : "! " + record.problem));
    return all;
}

void check(const std::string& text, const Records& expected) {
    BOOST_TEST(freeswitch(text) == expected, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(event_lines)

BOOST_AUTO_TEST_CASE(a_line_of_queue_log_has_five_fields_and_data) {
    BOOST_TEST(asterisk("1|c|q|a|CONNECT|5|x|y") == "1/c/q/a/CONNECT/5|x|y");
    BOOST_TEST(asterisk("1|c|q|a|CONNECT") == "1/c/q/a/CONNECT/");
    BOOST_TEST(asterisk("1||||") == "1/////");
    BOOST_TEST(asterisk("1|c|q|a") == "fewer than five fields");
    BOOST_TEST(asterisk("") == "fewer than five fields");
}

BOOST_AUTO_TEST_CASE(a_line_of_queue_log_begins_with_unix_seconds) {
    for (const char* bad : {"|c|q|a|E|", "1.5|c|q|a|E|", "-1|c|q|a|E|", "x|c|q|a|E|", " 1|c|q|a|E|"})
        BOOST_TEST(asterisk(bad) == "no Unix seconds at the beginning", bad);
}

BOOST_AUTO_TEST_CASE(a_line_of_queue_log_is_text_of_64_kib_at_most) {
    BOOST_TEST(asterisk("1|c|q|a|E|\xE9") == "the line is not valid UTF-8, or has a NUL");
    BOOST_TEST(asterisk({"1|c|q|a|E|\0", 11}) == "the line is not valid UTF-8, or has a NUL");
    BOOST_TEST(asterisk("1|c|q|a|E|", true) == "the line is longer than 64 KiB");
}

BOOST_AUTO_TEST_CASE(records_in_json_are_taken_as_they_are) {
    check("\n [{\"a\":1},\n{}]", {"2: {\"a\":1}", "3: {}"});
    check("{}\nx", {"1: {}", "2! no JSON object"});
}

BOOST_AUTO_TEST_CASE(records_in_csv_become_json_by_their_columns) {
    check("a,\"b\"\"\n\"\n1,\n\"x\\\ty\",\"\"\"\"\n",
          {"3: {\"a\":\"1\",\"b\\\"\\u000a\":\"\"}", "4: {\"a\":\"x\\\\\\u0009y\",\"b\\\"\\u000a\":\"\\\"\"}"});
    check("", {});
    check(" \n\n", {});
}

BOOST_AUTO_TEST_CASE(a_record_in_csv_has_as_many_fields_as_columns) {
    check("a,b\n1\n1,2,3\n1,\"2\n",
          {"2! 1 field for 2 columns", "3! 3 fields for 2 columns", "4! a quote is not closed"});
}

BOOST_AUTO_TEST_CASE(a_record_that_is_not_utf8_is_broken) {
    check("{\"a\":\"\xE9\"}", {"1! the record is not valid UTF-8, or has a NUL"});
    check("a\n\xE9\n", {"2! the record is not valid UTF-8, or has a NUL"});
}

BOOST_AUTO_TEST_CASE(a_broken_header_line_is_refused) {
    BOOST_CHECK_EXCEPTION(freeswitch("a\"b\n1\n"), admin::console::Refusal, [](const auto& refusal) {
        return std::string{refusal.what()} == "cdr: the header line: a quote inside a field that is not in quotes";
    });
}

BOOST_AUTO_TEST_SUITE_END()
