#include "fcgi/log.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;

namespace {

fcgi::LogEntry entry() {
    fcgi::LogEntry e;
    e.id = "0123456789abcdef0123456789abcdef";
    e.method = "GET";
    e.function = "statistics";
    e.status = 200;
    e.time = 1234us;
    e.database_time = 987us;
    e.rows = 13;
    e.trace.person = 7;
    e.trace.username = "bob";
    e.client = "192.0.2.1";
    return e;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(log_line)

BOOST_AUTO_TEST_CASE(a_request_is_one_line) {
    BOOST_TEST(format(entry()) ==
               "request id=0123456789abcdef0123456789abcdef method=GET function=statistics status=200 ms=1.234 "
               "db_ms=0.987 rows=13 person=7 client=192.0.2.1");
}

BOOST_AUTO_TEST_CASE(a_failed_login_names_client_user_and_reason_in_this_order) {
    fcgi::LogEntry e = entry();
    e.status = 401;
    e.trace = {.person = {}, .username = "bob smith=é\n", .login_failure = "password"};
    BOOST_TEST(
        format(e).ends_with("person=- auth failure client=192.0.2.1 user=bob%20smith%3D%C3%A9%0A reason=password"));
}

BOOST_AUTO_TEST_CASE(a_broken_database_is_quoted_on_the_same_line) {
    fcgi::LogEntry e = entry();
    e.status = 503;
    e.error = "credentials 57P01: \"terminated\"\nby \\ administrator";
    BOOST_TEST(format(e).ends_with(R"( error="credentials 57P01: \"terminated\" by \\ administrator")"));
}

BOOST_AUTO_TEST_CASE(what_a_caller_sends_cannot_forge_a_line) {
    fcgi::LogEntry e = entry();
    e.id = "x y";
    e.method = "GET status=200\r\nrequest";
    e.client = "192.0.2.1 person=1\n";
    const std::string line = format(e);
    BOOST_TEST(line.find_first_of("\r\n") == line.npos);
    BOOST_TEST(line.find("method=GET%20status%3D200%0D%0A") != line.npos);
    BOOST_TEST(line.find("client=192.0.2.1%20person%3D1%0A") != line.npos);
}

BOOST_AUTO_TEST_CASE(unknown_values_are_a_dash_and_lines_have_a_bound) {
    fcgi::LogEntry e;
    BOOST_TEST(format(e) ==
               "request id=- method=- function=- status=500 ms=0.000 db_ms=0.000 rows=0 person=- client=-");
    e.error = std::string(100000, 'x');
    BOOST_TEST(format(e).size() == 2000);
}

BOOST_AUTO_TEST_SUITE_END()
