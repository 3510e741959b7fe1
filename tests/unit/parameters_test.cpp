#include "core/parameters.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/unit/requests.hpp"

using test::parameters;

namespace {

std::string unreadable(std::string_view query, std::string_view body = "") {
    return test::refusals_of(test::read(query, body));
}
std::string unreadable_answer(std::string key) { return "400 [" + key + "] The request could not be read."; }

}  // namespace

BOOST_AUTO_TEST_SUITE(reading_parameters)

BOOST_AUTO_TEST_CASE(all_six_are_read_from_query_and_body) {
    const auto read = test::read("auth_username=u;start=1;queue=3", "auth_password=p%26q&end=2;destination=");
    BOOST_REQUIRE(read);
    BOOST_TEST(*read->find("auth_username") == "u");
    BOOST_TEST(*read->find("auth_password") == "p&q");
    BOOST_TEST(*read->find("start") == "1");
    BOOST_TEST(*read->find("end") == "2");
    BOOST_TEST(*read->find("queue") == "3");
    BOOST_TEST(read->find("destination")->empty());
}

BOOST_AUTO_TEST_CASE(absent_and_empty_are_different) {
    BOOST_TEST(!parameters("").contains("queue"));
    BOOST_TEST(parameters("queue").find("queue")->empty());
    BOOST_TEST(parameters("queue=").find("queue")->empty());
}

BOOST_AUTO_TEST_CASE(names_are_exact_but_may_be_encoded) {
    BOOST_TEST(!parameters("Queue=1;queue[]=1;queue+=1;+queue=1").contains("queue"));
    BOOST_TEST(*parameters("%71ueue=1").find("queue") == "1");
}

BOOST_AUTO_TEST_CASE(unknown_names_are_ignored_whatever_their_value) {
    BOOST_TEST(unreadable("callback=%zz;_=%FF;output=%00;%zz=1;%FF=1;queue=1;callback=x") == "ok");
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
