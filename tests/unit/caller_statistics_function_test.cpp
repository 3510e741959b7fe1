/// Tests core/functions/queues_statistics_get.cpp: which question it asks, and which rows it answers.

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/access/login.hpp"
#include "core/function.hpp"
#include "tests/unit/fake_rows.hpp"
#include "tests/unit/requests.hpp"

namespace {

core::Result<core::Question> ask(std::string_view query) {
    const core::Function& function = *core::find_function("queues/statistics/get");
    const auto parameters = core::read_parameters(function.parameters, core::access::login_parameters(), query, "");
    BOOST_REQUIRE(parameters);
    return function.ask(*parameters);
}

/// "key: query argument argument ..." of a valid request.
std::string asked(std::string_view query) {
    const auto question = ask(query);
    BOOST_REQUIRE(question);
    std::string text = std::string{question->key} + ": " + std::string{question->query};
    for (const auto& argument : question->arguments)
        if (argument) text += " " + *argument;
    return text;
}

std::string refused(std::string_view query) { return test::refusals_of(ask(query)); }

/// The answer to a valid request for callers.
core::Result<core::Answer> answer(std::string_view query, std::vector<FakeRows::Row> rows) {
    const auto question = ask(query);
    BOOST_REQUIRE(question);
    const auto reply = question->answer(*question, FakeRows{std::move(rows)});
    if (!reply) return reply.refusals();
    return std::get<core::Answer>(*reply);
}

/// The names of the columns after last_call, which depend on the request.
std::string asked_for(std::string_view query) {
    const auto answered = answer(query, {{}});
    BOOST_REQUIRE(answered);
    std::string names;
    bool after = false;
    for (const core::Column& column : answered->columns()) {
        if (after) names += (names.empty() ? "" : " ") + std::string{column.name};
        if (column.name == "last_call") after = true;
    }
    return names;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(queues_statistics_get)

BOOST_AUTO_TEST_CASE(queue_and_id_are_two_names_of_the_same) {
    BOOST_TEST(asked("queue=123;start=1;end=2") == "queue: caller_statistics 123 {1,2}");
    BOOST_TEST(asked("id=123;start=1;end=2") == "id: caller_statistics 123 {1,2}");
    BOOST_TEST(asked("queue=0;id=5") == "id: caller_statistics 5 {0,253402300800}");
    BOOST_TEST(asked("queue=005;id=") == "queue: caller_statistics 5 {0,253402300800}");
}

BOOST_AUTO_TEST_CASE(both_or_neither_of_queue_and_id_is_400) {
    const std::string both = "400 [queue] Specify queue or id, but not both.";
    BOOST_TEST(refused("queue=1;id=1") == both);
    BOOST_TEST(refused("id=x;queue=y") == both);
    for (const char* neither : {"", "queue=;id=", "queue=0", "id=00", "queue="})
        BOOST_TEST(refused(neither) == "400 [queue] The queue is invalid.");
}

BOOST_AUTO_TEST_CASE(a_broken_id_is_named_as_it_was_given) {
    for (const char* id : {"x", "-1", "1.0", "%201", "9223372036854775808"}) {
        BOOST_TEST(refused(std::string{"queue="} + id) == "400 [queue] The queue is invalid.");
        BOOST_TEST(refused(std::string{"id="} + id) == "400 [id] The id is invalid.");
    }
    BOOST_TEST(refused("queue=0;id=x") == "400 [id] The id is invalid.");
}

BOOST_AUTO_TEST_CASE(service_levels_are_one_to_five_different_limits_in_the_order_given) {
    BOOST_TEST(asked_for("id=1") == "");
    BOOST_TEST(asked_for("id=1;service_level=") == "");
    BOOST_TEST(asked_for("id=1;service_level=20") ==
               "calls_answered_within_20 calls_abandoned_within_20 service_level_20");
    BOOST_TEST(asked_for("id=1;service_level=60,005") ==
               "calls_answered_within_60 calls_abandoned_within_60 service_level_60 "
               "calls_answered_within_5 calls_abandoned_within_5 service_level_5");
    BOOST_TEST(asked_for("id=1;service_level=3%2C900,10,15,25") != "");
    for (const char* limit :
         {"3", "5", "10", "15", "20", "25", "30", "45", "60", "90", "120", "180", "240", "300", "600", "900"})
        BOOST_TEST(asked_for(std::string{"id=1;service_level="} + limit).ends_with(std::string{"level_"} + limit));
    for (const char* levels : {"0",
                               "1",
                               "21",
                               "901",
                               "x",
                               "-20",
                               "+20",
                               "%2B20",
                               "20.0",
                               "2e1",
                               "20s",
                               ",",
                               "20,",
                               ",20",
                               "20,,60",
                               "20,%2060",
                               "20%20,60",
                               "%2020",
                               "20%2060",
                               "20,20",
                               "20,020",
                               "20,60,20",
                               "3,5,10,15,20,25",
                               "20,x",
                               "99999999999999999999"})
        BOOST_TEST(refused(std::string{"id=1;service_level="} + levels) ==
                   "400 [service_level] The service level is invalid.");
}

BOOST_AUTO_TEST_CASE(a_short_abandon_is_one_limit_or_zero) {
    for (const char* limit : {"0", "00", "3", "005", "20", "900"})
        BOOST_TEST(asked_for(std::string{"id=1;short_abandon="} + limit) == "calls_abandoned_short");
    BOOST_TEST(asked_for("id=1;short_abandon=") == "");
    BOOST_TEST(asked_for("id=1;service_level=20;short_abandon=5") ==
               "calls_abandoned_short calls_answered_within_20 calls_abandoned_within_20 service_level_20");
    for (const char* limit : {"1", "4", "901", "x", "-0", "5,10", "5,", "%205", "5.0", "99999999999999999999"})
        BOOST_TEST(refused(std::string{"id=1;short_abandon="} + limit) ==
                   "400 [short_abandon] The short abandon is invalid.");
}

BOOST_AUTO_TEST_CASE(every_error_has_its_entry_in_order) {
    BOOST_TEST(refused("short_abandon=x;service_level=y;end=z;start=-1;id=a") ==
               "400 [id] The id is invalid. | 400 [start] The start is invalid. | 400 [end] The end is invalid. | "
               "400 [service_level] The service level is invalid. | 400 [short_abandon] The short abandon is invalid.");
    BOOST_TEST(refused("start=2;end=1;service_level=7") ==
               "400 [queue] The queue is invalid. | 400 [start] The start is after the end. | "
               "400 [service_level] The service level is invalid.");
}

BOOST_AUTO_TEST_CASE(without_rows_it_is_404_with_the_given_key) {
    BOOST_TEST(test::refusals_of(answer("queue=1", {})) ==
               "404 [queue] The queue does not exist, or you do not have permission to view it.");
    BOOST_TEST(test::refusals_of(answer("id=1", {})) ==
               "404 [id] The queue does not exist, or you do not have permission to view it.");
}

BOOST_AUTO_TEST_CASE(callers_and_sums_are_one_object) {
    const std::vector<core::Figure> figures = core::caller_figures({}, {});
    const auto answered = answer("id=1", {FakeRows::names(figures),
                                          FakeRows::sums("", {{"answered", "4"}}, figures),
                                          {{"outcome", "waiting"}, {"entered", "7"}}});
    BOOST_REQUIRE(answered);
    BOOST_TEST((answered->shape() == core::Answer::Shape::kObject));
    BOOST_TEST(answered->rows() == 1);
    BOOST_TEST(answered->row(0)[0].number == 5);
    BOOST_TEST(answered->columns().size() == figures.size());
}

BOOST_AUTO_TEST_SUITE_END()
