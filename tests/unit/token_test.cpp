#include "core/access/token.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include "core/access/hmac.hpp"
#include "tests/unit/tokens.hpp"

using core::access::kMaxTokenBytes;
using core::access::read_token;
using test::token;
using test::token_of;

namespace {

constexpr auto kMost = std::numeric_limits<std::int64_t>::max();

std::string claims(std::string_view rest) { return R"({"sub":"7","exp":1800000000,"fp":")" + std::string{rest}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(token_reading)

BOOST_AUTO_TEST_CASE(a_token_of_a_login_and_one_of_the_command_are_read) {
    const auto login = read_token(token_of("7", "1800000000"));
    BOOST_REQUIRE(login.has_value());
    BOOST_TEST(login->person == 7);
    BOOST_TEST(login->ends == 1800000000);
    BOOST_TEST(login->fingerprint == test::kFingerprint);
    BOOST_TEST(!login->id.has_value());
    BOOST_TEST(read_token(token_of("7", "1800000000", "12"))->id.value() == 12);
    const auto largest = read_token(token_of(std::to_string(kMost), std::to_string(kMost), std::to_string(kMost)));
    BOOST_REQUIRE(largest.has_value());
    BOOST_TEST(largest->person == kMost);
    BOOST_TEST(largest->ends == kMost);
    BOOST_TEST(largest->id.value() == kMost);
}

BOOST_AUTO_TEST_CASE(only_the_one_header_is_read) {
    const std::string right = claims(test::kFingerprint) + "\"}";
    BOOST_TEST(read_token(token(right)).has_value());
    for (const char* header : {R"({"alg":"none"})", R"({"alg":"none","typ":"JWT"})", R"({"alg":"HS512","typ":"JWT"})",
                               R"({"typ":"JWT","alg":"HS256"})", R"({"alg":"HS256"})", R"({"alg":"hs256","typ":"JWT"})",
                               R"({"alg": "HS256","typ":"JWT"})", R"({"alg":"HS256","typ":"JWT","kid":"1"})", ""})
        BOOST_TEST(!read_token(token(right, header)).has_value(), header);
}

BOOST_AUTO_TEST_CASE(claims_have_one_spelling) {
    const std::string fp = test::kFingerprint;
    for (const std::string& wrong : {R"({"sub":7,"exp":1800000000,"fp":")" + fp + "\"}",
                                     R"({"sub":"07","exp":1800000000,"fp":")" + fp + "\"}",
                                     R"({"sub":"0","exp":1800000000,"fp":")" + fp + "\"}",
                                     R"({"sub":"-7","exp":1800000000,"fp":")" + fp + "\"}",
                                     R"({"sub":"7","exp":"1800000000","fp":")" + fp + "\"}",
                                     R"({"sub":"7","exp":1.8e9,"fp":")" + fp + "\"}",
                                     R"({"sub":"9223372036854775808","exp":1800000000,"fp":")" + fp + "\"}",
                                     R"({ "sub":"7","exp":1800000000,"fp":")" + fp + "\"}",
                                     R"({"exp":1800000000,"sub":"7","fp":")" + fp + "\"}",
                                     claims(fp),
                                     claims(fp) + "\"",
                                     claims(fp) + "\"} ",
                                     claims(fp) + "\"}}",
                                     claims(fp + "A") + "\"}",
                                     claims(fp.substr(1)) + "\"}",
                                     claims(fp.substr(1) + "B") + "\"}",
                                     claims(fp.substr(1) + "=") + "\"}",
                                     claims(fp) + R"(","jti":"0"})",
                                     claims(fp) + R"(","jti":"01"})",
                                     claims(fp) + R"(","jti":1})",
                                     claims(fp) + R"(","jti":""})",
                                     claims(fp) + R"(","jti":"1","x":1})",
                                     std::string{"{}"},
                                     std::string{}})
        BOOST_TEST(!read_token(token(wrong)).has_value(), wrong);
}

BOOST_AUTO_TEST_CASE(base64url_has_one_spelling) {
    const std::string right = token_of("7", "1800000000");
    BOOST_REQUIRE(read_token(right).has_value());
    for (const std::string& wrong :
         {right + "=", right + " ", " " + right, right + ".", right.substr(0, right.size() - 1), right + "A",
          right.substr(0, right.rfind('.')), right.substr(0, right.rfind('.') + 1), "." + right,
          // The last character of the signature has two bits that belong to no byte.
          right.substr(0, right.size() - 1) + "5", std::string{"..", 2}, std::string{}, std::string{"."}})
        BOOST_TEST(!read_token(wrong).has_value(), wrong);
    for (const char c : {'+', '/', '=', ' ', '\n', '\0', '.'}) {
        std::string wrong = right;
        wrong[wrong.size() - 10] = c;
        BOOST_TEST(!read_token(wrong).has_value());
    }
    std::string stray = right;  // the last character of the claims has bits of no byte, for this length
    stray[right.rfind('.') - 1] = static_cast<char>(stray[right.rfind('.') - 1] + 1);
    BOOST_TEST(!read_token(stray).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_too_long_is_not_read) {
    const std::string longest = token_of(std::to_string(kMost), std::to_string(kMost), std::to_string(kMost));
    BOOST_TEST(longest.size() == 232);
    BOOST_TEST(!read_token(std::string(kMaxTokenBytes + 1, 'A')).has_value());
    BOOST_TEST(!read_token(longest + std::string(10'000, 'A')).has_value());
}

BOOST_AUTO_TEST_CASE(the_digits_of_sha_256_are_those_of_the_standard) {
    // FIPS 180-2, appendix B.1.
    BOOST_TEST(core::access::sha256_digits("abc") ==
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

BOOST_AUTO_TEST_SUITE_END()
