#include "http/json.hpp"

#include <json/reader.h>

#include <boost/test/unit_test.hpp>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/function.hpp"
#include "tests/unit/fake_rows.hpp"

namespace {

/// The body as an independent parser reads it, which accepts only valid JSON.
Json::Value parsed(const std::string& body) {
    Json::CharReaderBuilder strict;
    Json::CharReaderBuilder::strictMode(&strict.settings_);
    const std::unique_ptr<Json::CharReader> reader{strict.newCharReader()};
    Json::Value value;
    std::string problem;
    BOOST_REQUIRE_MESSAGE(reader->parse(body.data(), body.data() + body.size(), &value, &problem), problem + body);
    return value;
}

/// The body of a function's answer to these rows.
std::string body_of(const char* function, const core::Parameters& parameters, const FakeRows& rows) {
    const auto question = core::find_function(function)->ask(parameters);
    BOOST_REQUIRE(question);
    const auto reply = question->answer(*question, rows);
    BOOST_REQUIRE(reply);
    return http::answer_body(std::get<core::Answer>(*reply));
}

/// The body for two answered and two abandoned callers.
std::string callers_body(const std::vector<std::pair<const char*, const char*>>& more) {
    core::Parameters parameters;
    parameters.add("id", "1");
    for (const auto& [name, value] : more) parameters.add(name, value);
    const auto caller = [](const char* outcome, const char* waittime) {
        return FakeRows::Row{{"outcome", outcome}, {"waittime", waittime}, {"entered", "1000"}};
    };
    return body_of("queues/statistics/get", parameters,
                   FakeRows{{caller("answered", "5"), caller("answered", "20"), caller("abandoned", "4"),
                             caller("abandoned", "6")}});
}

std::string body_of(const char* key, std::vector<FakeRows::Row> rows) {
    core::Parameters parameters;
    parameters.add(key, "1");
    return body_of("queues/destinations/statistics/get", parameters, FakeRows{std::move(rows)});
}
std::string destination_body(const FakeRows::Row& sums) {
    return body_of("destination", {FakeRows::names(), FakeRows::sums("1", sums)});
}
std::string queue_body(std::vector<FakeRows::Row> rows) { return body_of("queue", std::move(rows)); }

FakeRows::Row some_statistics() {
    return {{"answered", "2"},       {"in_progress", "1"},         {"no_answer", "3"},
            {"busy", "4"},           {"cancelled", "5"},           {"answered_elsewhere", "6"},
            {"failed", "7"},         {"talktime_known", "2"},      {"talktime_sum", "25"},
            {"talktime_min", "5"},   {"talktime_max", "20"},       {"ringtime_known", "3"},
            {"ringtime_sum", "37"},  {"ringtime_min", "1"},        {"ringtime_max", "30"},
            {"holdtime_known", "1"}, {"holdtime_sum", "9"},        {"holdtime_min", "9"},
            {"holdtime_max", "9"},   {"first_call", "1230000000"}, {"last_call", "1239999999"}};
}

FakeRows::Row destination(const char* id, const std::string& dtype, const std::string& dnumber) {
    return {{"destination", id}, {"dtype", dtype}, {"dnumber", dnumber}, {"removed", "f"}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json)

BOOST_AUTO_TEST_CASE(a_destination_is_one_object_with_its_keys_in_order) {
    BOOST_TEST(destination_body(some_statistics()) ==
               R"({"responses":[{"code":"200","key":"","message":"OK"}],"data":{"calls":27,)"
               R"("talktime_sum":25,"talktime_min":5,"talktime_max":20,"talktime_avg":12.5,)"
               R"("calls_answered":2,"calls_in_progress":1,"calls_no_answer":3,"calls_busy":4,"calls_cancelled":5,)"
               R"("calls_answered_elsewhere":6,"calls_failed":7,)"
               R"("ringtime_sum":37,"ringtime_min":1,"ringtime_max":30,"ringtime_avg":12.33,)"
               R"("holdtime_sum":9,"holdtime_min":9,"holdtime_max":9,"holdtime_avg":9,)"
               R"("first_call":1230000000,"last_call":1239999999}})");
}

BOOST_AUTO_TEST_CASE(nothing_to_measure_is_null_and_nothing_to_add_is_zero) {
    BOOST_TEST(destination_body({}) ==
               R"({"responses":[{"code":"200","key":"","message":"OK"}],"data":{"calls":0,)"
               R"("talktime_sum":0,"talktime_min":null,"talktime_max":null,"talktime_avg":null,)"
               R"("calls_answered":0,"calls_in_progress":0,"calls_no_answer":0,"calls_busy":0,"calls_cancelled":0,)"
               R"("calls_answered_elsewhere":0,"calls_failed":0,)"
               R"("ringtime_sum":0,"ringtime_min":null,"ringtime_max":null,"ringtime_avg":null,)"
               R"("holdtime_sum":0,"holdtime_min":null,"holdtime_max":null,"holdtime_avg":null,)"
               R"("first_call":null,"last_call":null}})");
}

BOOST_AUTO_TEST_CASE(a_queue_is_an_array_whose_rows_begin_with_the_destination) {
    const std::string body = queue_body({destination("124", "phone", "1234568"), destination("123", "phone", "1234567"),
                                         FakeRows::names(), FakeRows::sums("123", some_statistics())});
    BOOST_TEST(body.find(R"("data":[{"dtype":"phone","dnumber":"1234567","destination":123,"calls":27,)") != body.npos);
    BOOST_TEST(body.find(R"(},{"dtype":"phone","dnumber":"1234568","destination":124,"calls":0,)") != body.npos);
    BOOST_TEST(body.ends_with("}]}"));
}

BOOST_AUTO_TEST_CASE(a_queue_without_destinations_is_an_empty_array) {
    BOOST_TEST(queue_body({{}}).ends_with(R"("data":[]})"));
}

BOOST_AUTO_TEST_CASE(any_stored_text_comes_back_from_a_parser_as_it_was) {
    for (const char* text :
         {"\"", "\\", "\"\\/\b\f\n\r\t", "\x01\x1f\x7f", "</script>", "é€😀", "\xE2\x80\xA8", " ", "%s%n"}) {
        const Json::Value body = parsed(queue_body({destination("1", text, text)}));
        BOOST_TEST(body["data"][0]["dtype"].asString() == text);
        BOOST_TEST(body["data"][0]["dnumber"].asString() == text);
    }
}

BOOST_AUTO_TEST_CASE(sums_beyond_floating_point_are_exact) {
    for (const std::int64_t sum : {(std::int64_t{1} << 53) + 1, std::numeric_limits<std::int64_t>::max()}) {
        const std::string text = std::to_string(sum);
        const Json::Value body = parsed(destination_body({{"talktime_known", text}, {"talktime_sum", text}}));
        BOOST_TEST(body["data"]["talktime_sum"].asInt64() == sum);
    }
}

BOOST_AUTO_TEST_CASE(averages_are_written_in_the_shortest_form) {
    const auto average = [](std::int64_t sum, std::int64_t known) {
        const std::string body =
            destination_body({{"talktime_known", std::to_string(known)}, {"talktime_sum", std::to_string(sum)}});
        const std::size_t begin = body.find("talktime_avg\":") + 14;
        return body.substr(begin, body.find(',', begin) - begin);
    };
    BOOST_TEST(average(12, 1) == "12");
    BOOST_TEST(average(25, 2) == "12.5");
    BOOST_TEST(average(1234, 100) == "12.34");
    BOOST_TEST(average(1205, 100) == "12.05");
    BOOST_TEST(average(0, 3) == "0");
    BOOST_TEST(average(1, 200) == "0.01");
}

BOOST_AUTO_TEST_CASE(callers_are_one_object_whose_service_levels_are_a_list) {
    BOOST_TEST(callers_body({{"short_abandon", "5"}, {"service_level", "20,5"}}) ==
               R"({"responses":[{"code":"200","key":"","message":"OK"}],"data":{"calls":4,)"
               R"("calls_answered":2,"calls_in_progress":0,"calls_waiting":0,"calls_abandoned":2,"calls_timeout":0,)"
               R"("calls_key":0,"calls_empty":0,"calls_other":0,"calls_refused":0,)"
               R"("talktime_sum":0,"talktime_min":null,"talktime_max":null,"talktime_avg":null,)"
               R"("holdtime_sum":25,"holdtime_min":5,"holdtime_max":20,"holdtime_avg":12.5,)"
               R"("abandontime_sum":10,"abandontime_min":4,"abandontime_max":6,"abandontime_avg":5,)"
               R"("waittime_sum":35,"waittime_min":4,"waittime_max":20,"waittime_avg":8.75,)"
               R"("waiting_since":null,"first_call":1000,"last_call":1000,"calls_abandoned_short":1,)"
               R"("service_levels":[{"seconds":20,"calls_answered":2,"calls_abandoned":2,"percent":66.67},)"
               R"({"seconds":5,"calls_answered":1,"calls_abandoned":1,"percent":33.33}]}})");
    BOOST_TEST(callers_body({{"service_level", "3"}})
                   .ends_with(R"("last_call":1000,"service_levels":[)"
                              R"({"seconds":3,"calls_answered":0,"calls_abandoned":0,"percent":0}]}})"));
    BOOST_TEST(callers_body({}).ends_with(R"("last_call":1000}})"));
}

BOOST_AUTO_TEST_CASE(lists_may_stand_anywhere_in_any_row) {
    static constexpr core::Item kOne{"a", "n", 1};
    static constexpr core::Item kTwo{"a", "n", 2};
    static constexpr core::Item kOther{"b", "n", 1};
    core::Answer answer{
        core::Answer::Shape::kArray,
        {{"a_1", &kOne, "x"}, {"a_2", &kTwo, "x"}, {"b_1", &kOther, "x"}, {"b_1_y", &kOther, "y"}, {"c"}}};
    for (const std::int64_t number : {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}) answer.add(number);
    BOOST_TEST(http::answer_body(answer).ends_with(
        R"("data":[{"a":[{"n":1,"x":1},{"n":2,"x":2}],"b":[{"n":1,"x":3,"y":4}],"c":5},)"
        R"({"a":[{"n":1,"x":6},{"n":2,"x":7}],"b":[{"n":1,"x":8,"y":9}],"c":10}]})"));
}

BOOST_AUTO_TEST_CASE(a_number_stands_alone) {
    for (const std::int64_t number : {std::int64_t{0}, std::int64_t{10000}, std::numeric_limits<std::int64_t>::max()}) {
        core::Answer answer{core::Answer::Shape::kNumber, {{"count"}}};
        answer.add(number);
        BOOST_TEST(http::answer_body(answer) ==
                   R"({"responses":[{"code":"200","key":"","message":"OK"}],"data":)" + std::to_string(number) + "}");
    }
}

BOOST_AUTO_TEST_CASE(every_refusal_has_an_entry_and_there_is_no_data) {
    BOOST_TEST(http::refusal_body({core::invalid("destination"), core::invalid("end")}) ==
               R"({"responses":[{"code":"400","key":"destination","message":"The destination is invalid."},)"
               R"({"code":"400","key":"end","message":"The end is invalid."}]})");
    BOOST_TEST(
        http::refusal_body({core::refusal(core::Code::kUnauthenticated)}) ==
        R"({"responses":[{"code":"401","key":"","message":"The authentication details provided are invalid."}]})");
}

BOOST_AUTO_TEST_SUITE_END()
