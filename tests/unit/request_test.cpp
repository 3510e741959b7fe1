#include "core/request.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using core::find_login;
using core::Parameters;
using core::read_parameters;
using core::StatisticsRequest;
using core::validate;

namespace {

Parameters parameters(std::string_view query) {
    auto read = read_parameters(query, "");
    BOOST_REQUIRE(read);
    return *read;
}

StatisticsRequest valid(std::string_view query) {
    auto request = validate(parameters(query));
    BOOST_REQUIRE(request);
    return *request;
}

/// "400 [key] message" for each entry, joined by " | "; "ok" when there is none.
template <class T>
std::string errors_of(const core::Result<T>& result) {
    if (result) return "ok";
    std::string text;
    for (const core::Error& error : result.errors()) {
        if (!text.empty()) text += " | ";
        text += std::to_string(core::status_of(error.code)) + " [" + std::string{error.key} + "] ";
        text += error.message;
    }
    return text;
}

std::string refused(std::string_view query) { return errors_of(validate(parameters(query))); }
std::string unreadable(std::string_view query, std::string_view body = "") {
    return errors_of(read_parameters(query, body));
}
std::string unreadable_answer(std::string key) { return "400 [" + key + "] The request could not be read."; }

/// "user:password" of the login in a header, or "none".
std::string basic(std::string_view authorization) {
    const auto login = find_login({}, authorization);
    return login ? login->username + " | " + login->password : "none";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reading_parameters)

BOOST_AUTO_TEST_CASE(all_six_are_read_from_query_and_body) {
    const auto read = read_parameters("auth_username=u;start=1;queue=3", "auth_password=p%26q&end=2;destination=");
    BOOST_REQUIRE(read);
    BOOST_TEST(read->auth_username.value() == "u");
    BOOST_TEST(read->auth_password.value() == "p&q");
    BOOST_TEST(read->start.value() == "1");
    BOOST_TEST(read->end.value() == "2");
    BOOST_TEST(read->queue.value() == "3");
    BOOST_TEST(read->destination.value().empty());
}

BOOST_AUTO_TEST_CASE(absent_and_empty_are_different) {
    BOOST_TEST(!parameters("").queue.has_value());
    BOOST_TEST(parameters("queue").queue.value().empty());
    BOOST_TEST(parameters("queue=").queue.value().empty());
}

BOOST_AUTO_TEST_CASE(names_are_exact_but_may_be_encoded) {
    BOOST_TEST(!parameters("Queue=1;queue[]=1;queue+=1;+queue=1").queue.has_value());
    BOOST_TEST(parameters("%71ueue=1").queue.value() == "1");
}

BOOST_AUTO_TEST_CASE(unknown_names_are_ignored_whatever_their_value) {
    BOOST_TEST(unreadable("callback=%zz;_=%FF;format=%00;%zz=1;%FF=1;queue=1;callback=x") == "ok");
}

BOOST_AUTO_TEST_CASE(a_known_parameter_twice_is_unreadable) {
    BOOST_TEST(unreadable("queue=1;queue=1") == unreadable_answer("queue"));
    BOOST_TEST(unreadable("queue=1;queue=2") == unreadable_answer("queue"));
    BOOST_TEST(unreadable("queue;queue") == unreadable_answer("queue"));
    BOOST_TEST(unreadable("auth_username=a&auth%5Fusername=a") == unreadable_answer("auth_username"));
    BOOST_TEST(unreadable("queue=1", "queue=1") == unreadable_answer("queue"));
}

BOOST_AUTO_TEST_CASE(an_undecodable_known_value_is_unreadable) {
    for (const char* value : {"%", "%4", "%zz", "%C0%AF", "%ED%A0%80", "%FF", "%E2%82", "%00", "\xFF"})
        for (const char* name : {"auth_username", "auth_password", "destination", "queue", "start", "end"})
            BOOST_TEST(unreadable(std::string{name} + "=" + value) == unreadable_answer(name));
}

BOOST_AUTO_TEST_CASE(the_leftmost_fault_is_named_query_before_body) {
    BOOST_TEST(unreadable("start=%;queue=%") == unreadable_answer("start"));
    BOOST_TEST(unreadable("queue=1;queue=1;start=%") == unreadable_answer("queue"));
    BOOST_TEST(unreadable("end=1;start=%;end=2") == unreadable_answer("start"));
    BOOST_TEST(unreadable("end=%", "start=%") == unreadable_answer("end"));
}

BOOST_AUTO_TEST_CASE(more_than_64_pairs_are_unreadable_whatever_else_is_wrong) {
    std::string pairs = "queue=%";
    for (int i = 0; i < 63; ++i) pairs += ";x=" + std::to_string(i);
    BOOST_TEST(unreadable(pairs) == unreadable_answer("queue"));
    BOOST_TEST(unreadable(pairs + ";") == unreadable_answer("queue"));
    BOOST_TEST(unreadable(pairs + ";;x") == unreadable_answer(""));
    BOOST_TEST(unreadable(pairs, "x") == unreadable_answer(""));
    BOOST_TEST(unreadable("", pairs + "&x") == unreadable_answer(""));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(finding_the_login)

BOOST_AUTO_TEST_CASE(parameters_are_taken_as_they_are) {
    const auto login = find_login(parameters("auth_username=+Bob%20;auth_password=%20p"), "");
    BOOST_REQUIRE(login.has_value());
    BOOST_TEST(login->username == " Bob ");
    BOOST_TEST(login->password == " p");
}

BOOST_AUTO_TEST_CASE(missing_or_empty_halves_are_no_login) {
    for (const char* query : {"", "auth_username=u", "auth_password=p", "auth_username=;auth_password=p",
                              "auth_username=u;auth_password=", "auth_token=t"})
        BOOST_TEST(!find_login(parameters(query), "").has_value(), query);
}

BOOST_AUTO_TEST_CASE(lengths_have_bounds) {
    const auto login_of = [](std::size_t username_bytes, std::size_t password_bytes) {
        return find_login({.auth_username = std::string(username_bytes, 'u'),
                           .auth_password = std::string(password_bytes, 'p')},
                          "")
            .has_value();
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

BOOST_AUTO_TEST_SUITE(validating)

BOOST_AUTO_TEST_CASE(both_published_requests_are_valid) {
    BOOST_TEST((valid("destination=123;start=1230000000;end=1240000000") ==
                StatisticsRequest{StatisticsRequest::Form::kDestination, 123, {1230000000, 1240000000}}));
    BOOST_TEST((valid("queue=123;start=1230000000;end=1240000000") ==
                StatisticsRequest{StatisticsRequest::Form::kQueue, 123, {1230000000, 1240000000}}));
}

BOOST_AUTO_TEST_CASE(without_start_and_end_everything_counts) {
    BOOST_TEST((valid("queue=1").period == core::Period{0, core::kNoEnd}));
    BOOST_TEST((valid("queue=1;start=;end=").period == core::Period{0, core::kNoEnd}));
    BOOST_TEST((valid("queue=1;start=253402300799").period == core::Period{core::kMaxTime, core::kNoEnd}));
    BOOST_TEST((valid("queue=1;end=0").period == core::Period{0, 0}));
}

BOOST_AUTO_TEST_CASE(both_or_neither_of_destination_and_queue_is_400) {
    const std::string both = "400 [destination] Specify destination or queue, but not both.";
    const std::string neither = "400 [destination] Specify destination or queue.";
    BOOST_TEST(refused("destination=1;queue=1") == both);
    BOOST_TEST(refused("destination=x;queue=y") == both);
    BOOST_TEST(refused("") == neither);
    BOOST_TEST(refused("destination=;queue=") == neither);
    BOOST_TEST(refused("destination=0;queue=00") == neither);
}

BOOST_AUTO_TEST_CASE(a_zero_or_empty_id_counts_as_not_given) {
    BOOST_TEST(valid("destination=0;queue=5").id == 5);
    BOOST_TEST(valid("destination=5;queue=").id == 5);
    BOOST_TEST(valid("destination=000;queue=0005").id == 5);
}

BOOST_AUTO_TEST_CASE(ids_are_digits_within_64_bits) {
    BOOST_TEST(valid("queue=9223372036854775807").id == std::numeric_limits<std::int64_t>::max());
    for (const char* id : {"abc", "1.0", "1e3", "0x10", "%2B1", "+1", "-1", "-0", "1%20", "%201", "%EF%BC%91", "%D9%A1",
                           "NULL", "NaN", "1'%20OR%20'1'='1", "1--", "9223372036854775808", "18446744073709551617"}) {
        BOOST_TEST(refused(std::string{"queue="} + id) == "400 [queue] The queue is invalid.");
        BOOST_TEST(refused(std::string{"destination="} + id) == "400 [destination] The destination is invalid.");
    }
    BOOST_TEST(refused("queue=" + std::string(1000, '9')) == "400 [queue] The queue is invalid.");
    BOOST_TEST(valid("queue=" + std::string(999, '0') + "7").id == 7);
}

BOOST_AUTO_TEST_CASE(times_are_unix_seconds_up_to_the_year_9999) {
    for (const char* time :
         {"abc", "-1", "1.5", "253402300800", "1230000000000", "9223372036854775807", "1e9", "%201"}) {
        BOOST_TEST(refused(std::string{"queue=1;start="} + time) == "400 [start] The start is invalid.");
        BOOST_TEST(refused(std::string{"queue=1;end="} + time) == "400 [end] The end is invalid.");
    }
}

BOOST_AUTO_TEST_CASE(start_may_equal_but_not_follow_end) {
    BOOST_TEST((valid("queue=1;start=7;end=7").period == core::Period{7, 7}));
    BOOST_TEST(refused("queue=1;start=8;end=7") == "400 [start] The start is after the end.");
    BOOST_TEST(refused("queue=1;start=8;end=x") == "400 [end] The end is invalid.");
    BOOST_TEST(refused("queue=1;start=x;end=0") == "400 [start] The start is invalid.");
}

BOOST_AUTO_TEST_CASE(every_error_has_its_entry_in_order) {
    BOOST_TEST(refused("start=x;end=y") ==
               "400 [destination] Specify destination or queue. | 400 [start] The start is invalid. | "
               "400 [end] The end is invalid.");
    BOOST_TEST(refused("queue=x;start=2;end=1") ==
               "400 [queue] The queue is invalid. | 400 [start] The start is after the end.");
}

BOOST_AUTO_TEST_SUITE_END()
