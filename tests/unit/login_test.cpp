#include "core/access/login.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/unit/requests.hpp"

using core::access::find_login;
using test::parameters;

namespace {

/// "user | password" of the login in a header, or "none".
std::string basic(std::string_view authorization) {
    const auto login = find_login({}, authorization);
    return login ? login->username + " | " + login->password : "none";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(finding_the_login)

BOOST_AUTO_TEST_CASE(parameters_are_taken_as_they_are) {
    const auto login = find_login(parameters("auth_username=+Bob%20;auth_password=%20p"), "");
    BOOST_REQUIRE(login.has_value());
    BOOST_TEST(login->username == " Bob ");
    BOOST_TEST(login->password == " p");
}

BOOST_AUTO_TEST_CASE(missing_or_empty_halves_are_not_a_login) {
    for (const char* query : {"", "auth_username=u", "auth_password=p", "auth_username=;auth_password=p",
                              "auth_username=u;auth_password=", "auth_token=t"})
        BOOST_TEST(!find_login(parameters(query), "").has_value(), query);
}

BOOST_AUTO_TEST_CASE(lengths_have_bounds) {
    const auto login_of = [](std::size_t username_bytes, std::size_t password_bytes) {
        core::Parameters parameters;
        parameters.add("auth_username", std::string(username_bytes, 'u'));
        parameters.add("auth_password", std::string(password_bytes, 'p'));
        return find_login(parameters, "").has_value();
    };
    BOOST_TEST(login_of(255, 511));
    BOOST_TEST(!login_of(256, 511));
    BOOST_TEST(!login_of(255, 512));
}

BOOST_AUTO_TEST_CASE(a_basic_header_is_a_login) {
    BOOST_TEST(basic("Basic dXNlcjpwYXNzd29yZA==") == "user | password");
    BOOST_TEST(basic("bASIC   dXNlcjpwYXNzd29yZA==") == "user | password");
    BOOST_TEST(basic("Basic dTpwOnE=") == "u | p:q");  // the first colon ends the name
    BOOST_TEST(basic("Basic w6k6w6k=") == "é | é");
    BOOST_TEST(basic("Basic dTpwcA==") == "u | pp");
}

BOOST_AUTO_TEST_CASE(other_headers_are_as_good_as_none) {
    for (const char* header :
         {"", "Basic", "Basic ", "Bearer dXNlcjpwYXNzd29yZA==", "BasicdXNlcjpwYXNzd29yZA==", "Basic dXNlcjpwYXNzd29yZA",
          "Basic dXNlcjpwYXNzd29yZA=", "Basic dXNlcjpw YXNzd29yZA==", "Basic dXNlcjpwYXNzd29yZA==x",
          "Basic ====", "Basic dTpwcB==", "Basic !!!!",
          "Basic dXNlcg==",             // no colon
          "Basic dToA",                 // a NUL
          "Basic dTr/",                 // not UTF-8
          "Basic OnA=", "Basic dTo="})  // empty name, empty password
        BOOST_TEST(basic(header) == "none", header);
}

BOOST_AUTO_TEST_CASE(where_a_parameter_names_either_half_the_header_is_ignored) {
    for (const char* query : {"auth_username=", "auth_password=", "auth_username=u"})
        BOOST_TEST(!find_login(parameters(query), "Basic dXNlcjpwYXNzd29yZA==").has_value(), query);
}

BOOST_AUTO_TEST_SUITE_END()
