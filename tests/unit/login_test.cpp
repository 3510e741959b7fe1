#include "core/access/login.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/unit/requests.hpp"

using core::access::find_proof;
using core::access::Login;
using core::access::Token;
using test::parameters;

namespace {

/// "user | password" of a login, "token: text" of a token, or "none".
std::string proof(std::string_view query, std::string_view authorization = "") {
    const auto found = find_proof(parameters(query), authorization);
    if (const auto* const login = std::get_if<Login>(&found)) return login->username + " | " + login->password;
    if (const auto* const token = std::get_if<Token>(&found)) return "token: " + token->text;
    return "none";
}

std::string header(std::string_view authorization) { return proof("", authorization); }

}  // namespace

BOOST_AUTO_TEST_SUITE(finding_the_login)

BOOST_AUTO_TEST_CASE(parameters_are_taken_as_they_are) {
    BOOST_TEST(proof("auth_username=+Bob%20;auth_password=%20p") == " Bob  |  p");
    BOOST_TEST(proof("auth_token=+a%2Eb.c%20") == "token:  a.b.c ");
}

BOOST_AUTO_TEST_CASE(missing_or_empty_halves_are_not_a_login) {
    for (const char* query : {"", "auth_username=u", "auth_password=p", "auth_username=;auth_password=p",
                              "auth_username=u;auth_password=", "auth_token="})
        BOOST_TEST(proof(query) == "none", query);
}

BOOST_AUTO_TEST_CASE(lengths_have_bounds) {
    const auto login_of = [](std::size_t username_bytes, std::size_t password_bytes) {
        core::Parameters parameters;
        parameters.add("auth_username", std::string(username_bytes, 'u'));
        parameters.add("auth_password", std::string(password_bytes, 'p'));
        return std::holds_alternative<Login>(find_proof(parameters, ""));
    };
    BOOST_TEST(login_of(255, 511));
    BOOST_TEST(!login_of(256, 511));
    BOOST_TEST(!login_of(255, 512));
}

BOOST_AUTO_TEST_CASE(a_basic_header_is_a_login) {
    BOOST_TEST(header("Basic dXNlcjpwYXNzd29yZA==") == "user | password");
    BOOST_TEST(header("bASIC   dXNlcjpwYXNzd29yZA==") == "user | password");
    BOOST_TEST(header("Basic dTpwOnE=") == "u | p:q");  // the first colon ends the name
    BOOST_TEST(header("Basic w6k6w6k=") == "é | é");
    BOOST_TEST(header("Basic dTpwcA==") == "u | pp");
}

BOOST_AUTO_TEST_CASE(a_bearer_header_is_a_token) {
    BOOST_TEST(header("Bearer a.b.c") == "token: a.b.c");
    BOOST_TEST(header("bEARER   a.b.c") == "token: a.b.c");
    BOOST_TEST(header("Bearer a.b.c ") == "token: a.b.c ");  // read_token() refuses it
}

BOOST_AUTO_TEST_CASE(other_headers_are_as_good_as_none) {
    for (const char* other : {"",
                              "Basic",
                              "Basic ",
                              "Bearer",
                              "Bearer ",
                              "Bearera.b.c",
                              "Token a.b.c",
                              "Digest a.b.c",
                              "BasicdXNlcjpwYXNzd29yZA==",
                              "Basic dXNlcjpwYXNzd29yZA",
                              "Basic dXNlcjpwYXNzd29yZA=",
                              "Basic dXNlcjpw YXNzd29yZA==",
                              "Basic dXNlcjpwYXNzd29yZA==x",
                              "Basic ====",
                              "Basic dTpwcB==",
                              "Basic !!!!",
                              "Basic dXNlcg==",  // no colon
                              "Basic dToA",      // a NUL
                              "Basic dTr/",      // not UTF-8
                              "Basic OnA=",
                              "Basic dTo="})  // empty name, empty password
        BOOST_TEST(header(other) == "none", other);
}

BOOST_AUTO_TEST_CASE(where_a_parameter_names_either_half_the_header_is_ignored) {
    for (const char* query : {"auth_username=", "auth_password=", "auth_username=u", "auth_token="})
        for (const char* authorization : {"Basic dXNlcjpwYXNzd29yZA==", "Bearer a.b.c"})
            BOOST_TEST(proof(query, authorization) == "none", query);
    BOOST_TEST(proof("auth_token=t", "Basic dXNlcjpwYXNzd29yZA==") == "token: t");
}

BOOST_AUTO_TEST_CASE(where_a_parameter_names_either_half_the_token_is_ignored) {
    for (const char* query : {"auth_username=", "auth_password=", "auth_username=u"})
        BOOST_TEST(proof(std::string{query} + ";auth_token=a.b.c") == "none", query);
    BOOST_TEST(proof("auth_token=a.b.c;auth_username=u;auth_password=p") == "u | p");
}

BOOST_AUTO_TEST_SUITE_END()
