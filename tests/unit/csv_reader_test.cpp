#define BOOST_TEST_DYN_LINK
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "admin/files/csv.hpp"

using admin::files::CsvReader;
using admin::files::CsvRecord;

namespace {

using Lines = std::vector<std::string>;

/// "line: field|field" per record and "line! problem" per broken line of text, which arrives in pieces.
Lines read(const std::string& text, std::size_t piece = 1 << 20) {
    std::size_t done = 0;
    CsvReader reader{[&](char* buffer, std::size_t size) {
        const std::size_t length = std::min({piece, size, text.size() - done});
        std::copy_n(text.data() + done, length, buffer);
        done += length;
        return length;
    }};
    Lines lines;
    CsvRecord record;
    while (reader.next(record)) {
        std::string line = std::to_string(record.line);
        if (record.problem.empty()) {
            for (std::size_t i = 0; i < record.fields.size(); ++i) line += (i == 0 ? ": " : "|") + record.fields[i];
        } else {
            line += "! " + std::string{record.problem};
        }
        lines.push_back(line);
    }
    return lines;
}

const std::string kTooLong = "the line, or a field whose quote is not closed, is longer than 64 KiB";

void check(const std::string& text, const Lines& expected) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{1} << 20})
        BOOST_TEST(read(text, piece) == expected, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_reader)

BOOST_AUTO_TEST_CASE(fields_stand_between_commas_and_may_be_empty) {
    check("a,b,c\n,,\n1,,3\n", {"1: a|b|c", "2: ||", "3: 1||3"});
}

BOOST_AUTO_TEST_CASE(an_empty_file_has_no_records) {
    check("", {});
    check("\xEF\xBB\xBF", {});
}

BOOST_AUTO_TEST_CASE(the_last_line_may_lack_its_end) {
    check("a,b", {"1: a|b"});
    check("a,", {"1: a|"});
    check("a,\"b\"", {"1: a|b"});
}

BOOST_AUTO_TEST_CASE(lines_may_end_in_cr_lf) { check("a,b\r\nc,d\r\n", {"1: a|b", "2: c|d"}); }

BOOST_AUTO_TEST_CASE(a_byte_order_mark_is_skipped_at_the_start_only) {
    check(
        "\xEF\xBB\xBF"
        "a,b\n\xEF\xBB\xBF"
        "c,d\n",
        {"1: a|b",
         "2: \xEF\xBB\xBF"
         "c|d"});
    check(
        "\xEF\xBB"
        "a\n",
        {"1: \xEF\xBB"
         "a"});
}

BOOST_AUTO_TEST_CASE(blank_lines_are_skipped_and_counted) { check("a\n\n\r\nb\n\"\"\n", {"1: a", "4: b", "5: "}); }

BOOST_AUTO_TEST_CASE(a_field_in_quotes_may_hold_commas_quotes_and_line_ends) {
    check("\"a,b\",\"c\"\"d\",\"e\r\nf\"\ng\n", {"1: a,b|c\"d|e\r\nf", "3: g"});
}

BOOST_AUTO_TEST_CASE(a_quote_inside_an_unquoted_field_breaks_the_line) {
    check("a\"b,c\nd\n", {"1! a quote inside a field that is not in quotes", "2: d"});
}

BOOST_AUTO_TEST_CASE(text_after_a_closing_quote_breaks_the_line) {
    check("\"a\"b,c\nd\n", {"1! text after a closing quote", "2: d"});
}

BOOST_AUTO_TEST_CASE(a_carriage_return_inside_a_line_breaks_it) {
    check("a\rb,c\nd\n", {"1! a carriage return inside the line", "2: d"});
}

BOOST_AUTO_TEST_CASE(a_quote_that_is_not_closed_costs_one_line_and_not_the_rest) {
    check("a,\"b\nc,d\ne,f\n", {"1! a quote is not closed", "2: c|d", "3: e|f"});
    check("a,\"b\nc,\"d\ne,f\n", {"1! text after a closing quote", "2! a quote is not closed", "3: e|f"});
}

BOOST_AUTO_TEST_CASE(a_line_of_a_megabyte_is_broken_and_the_next_is_read) {
    const std::string megabyte(1 << 20, 'x');
    check("a,b\n" + megabyte + "\nc,d\n", {"1: a|b", "2! " + kTooLong, "3: c|d"});
    check("a,b\n\"" + megabyte + "\"\nc,d\n", {"1: a|b", "2! " + kTooLong, "3: c|d"});
    check("a,b\n" + megabyte, {"1: a|b", "2! " + kTooLong});
}

BOOST_AUTO_TEST_CASE(the_longest_record_is_read) {
    const std::string field(CsvReader::kMaxRecordBytes - 2, 'x');
    check("a\n" + field + "y\nb\n", {"1: a", "2: " + field + "y", "3: b"});
    check("a\n" + field + "yyy\nb\n", {"1: a", "2! " + kTooLong, "3: b"});
}

BOOST_AUTO_TEST_CASE(nul_bytes_are_text_like_any_other) {
    check(std::string{"a\0b,c\n", 6}, {std::string{"1: a\0b|c", 8}});
}

BOOST_AUTO_TEST_SUITE_END()
