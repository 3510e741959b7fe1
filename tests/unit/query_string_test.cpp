#include "core/query_string.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "core/text.hpp"

using core::decode;
using core::is_text;
using core::split_pairs;

namespace {

/// "name=value" of each pair, still encoded.
std::vector<std::string> split(std::string_view text, std::size_t max_pairs = 64) {
    std::vector<std::string> pairs;
    for (const core::EncodedPair& pair : split_pairs(text, max_pairs))
        pairs.push_back(std::string{pair.name} + "=" + std::string{pair.value});
    return pairs;
}

using Pairs = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(query_string)

BOOST_AUTO_TEST_CASE(pairs_are_separated_by_semicolons_and_ampersands_also_mixed) {
    BOOST_TEST(split("a=1;b=2&c=3") == (Pairs{"a=1", "b=2", "c=3"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(empty_pairs_are_left_out) {
    BOOST_TEST(split("").empty());
    BOOST_TEST(split(";;;&&;").empty());
    BOOST_TEST(split(";a=1;;&b=2;") == (Pairs{"a=1", "b=2"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_value_starts_after_the_first_equals_sign) {
    BOOST_TEST(split("a=b=c;=d;e=;f") == (Pairs{"a=b=c", "=d", "e=", "f="}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(splitting_comes_before_decoding) {
    const auto pairs = split_pairs("auth_password=a%26b%3Bc%3Dd", 64);
    BOOST_REQUIRE_EQUAL(pairs.size(), 1);
    BOOST_TEST(decode(pairs[0].value).value() == "a&b;c=d");
}

BOOST_AUTO_TEST_CASE(one_pair_more_than_allowed_is_told_and_no_further_one) {
    BOOST_TEST(split("a;b;c", 3).size() == 3);
    BOOST_TEST(split("a;b;c;;", 3).size() == 3);
    BOOST_TEST(split("a;b;c;d", 3).size() == 4);
    BOOST_TEST(split("a;b;c;d;e;f", 3).size() == 4);
}

BOOST_AUTO_TEST_CASE(escapes_and_plus_are_decoded_once) {
    BOOST_TEST(decode("a+b%20c%2Bd").value() == "a b c+d");
    BOOST_TEST(decode("%2541").value() == "%41");
    BOOST_TEST(decode("%e2%82%ac%E2%82%AC").value() == "€€");
    BOOST_TEST(decode("%ef%bf%bf%EF%BF%BF").value() == "\xEF\xBF\xBF\xEF\xBF\xBF");
    BOOST_TEST(decode("").value().empty());
}

BOOST_AUTO_TEST_CASE(malformed_escapes_are_refused) {
    for (const char* text :
         {"%", "a%", "%4", "%zz", "%4g", "%g4", "%4G", "%G4", "%4`", "%4@", "%4:", "%4/", "%%41", "%+1", "% 1"})
        BOOST_TEST(!decode(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(a_nul_is_refused) {
    BOOST_TEST(!decode("a%00b").has_value());
    BOOST_TEST(!decode(std::string_view{"a\0b", 3}).has_value());
}

BOOST_AUTO_TEST_CASE(base64_and_base64url_differ_in_two_digits_and_the_padding) {
    BOOST_TEST(core::decode_base64("+/8=").value() == "\xFB\xFF");
    BOOST_TEST(core::decode_base64url("-_8").value() == "\xFB\xFF");
    BOOST_TEST(core::decode_base64url("").value().empty());
    for (const char* wrong : {"", "-_8=", "+/8", "+/9=", "+===", "===="})
        BOOST_TEST(!core::decode_base64(wrong), wrong);
    for (const char* wrong : {"+/8", "-_8=", "-_9", "A", "-_8-A"}) BOOST_TEST(!core::decode_base64url(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(valid_utf8_is_text) {
    for (const char* text : {"", "plain", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                             "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
        BOOST_TEST(is_text(text), text);
}

BOOST_AUTO_TEST_CASE(invalid_utf8_is_not_text) {
    for (const char* text : {
             "\x80",              // a continuation byte alone
             "\xBF\x41",          //
             "\xC0\xAF",          // overlong
             "\xC1\xBF",          //
             "\xE0\x9F\xBF",      //
             "\xF0\x8F\xBF\xBF",  //
             "\xED\xA0\x80",      // a surrogate
             "\xED\xBF\xBF",      //
             "\xF4\x90\x80\x80",  // over U+10FFFF
             "\xF5\x80\x80\x80",  //
             "\xFF",              //
             "\xC2",              // cut
             "\xE2\x82",          //
             "\xF0\x9F\x98",      //
             "\xC2\x41",          // a continuation byte is missing
             "\xE2\x41\x80",      //
             "\xE2\x82\x41",      //
             "\xF0\x9F\x98\x41",  //
         })
        BOOST_TEST(!is_text(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
