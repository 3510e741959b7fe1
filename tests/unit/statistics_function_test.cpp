/// Tests core/functions/queues_destinations_statistics_get.cpp: which question it asks, and which rows it answers.

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "core/function.hpp"
#include "tests/unit/fake_rows.hpp"
#include "tests/unit/requests.hpp"

using test::parameters;

namespace {

core::Result<core::Question> ask(std::string_view query) {
    return core::find_function("queues/destinations/statistics/get")->ask(parameters(query));
}

/// "query argument argument ..." of a valid request.
std::string asked(std::string_view query) {
    const auto question = ask(query);
    BOOST_REQUIRE(question);
    std::string text{question->query};
    for (const auto& argument : question->arguments)
        if (argument) text += " " + *argument;
    return text;
}

std::string refused(std::string_view query) { return test::refusals_of(ask(query)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(queues_destinations_statistics_get)

BOOST_AUTO_TEST_CASE(both_published_requests_are_valid) {
    BOOST_TEST(asked("destination=123;start=1230000000;end=1240000000") ==
               "destination_statistics 123 {1230000000,1240000000}");
    BOOST_TEST(asked("queue=123;start=1230000000;end=1240000000") == "queue_statistics 123 {1230000000,1240000000}");
}

BOOST_AUTO_TEST_CASE(without_start_and_end_everything_counts) {
    BOOST_TEST(asked("queue=1") == "queue_statistics 1 {0,253402300800}");
    BOOST_TEST(asked("queue=1;start=;end=") == "queue_statistics 1 {0,253402300800}");
    BOOST_TEST(asked("queue=1;start=253402300799") == "queue_statistics 1 {253402300799,253402300800}");
    BOOST_TEST(asked("queue=1;end=0") == "queue_statistics 1 {0,0}");
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
    BOOST_TEST(asked("destination=0;queue=5") == "queue_statistics 5 {0,253402300800}");
    BOOST_TEST(asked("destination=5;queue=") == "destination_statistics 5 {0,253402300800}");
    BOOST_TEST(asked("destination=000;queue=0005") == "queue_statistics 5 {0,253402300800}");
}

BOOST_AUTO_TEST_CASE(ids_are_digits_within_64_bits) {
    BOOST_TEST(asked("queue=9223372036854775807") == "queue_statistics 9223372036854775807 {0,253402300800}");
    for (const char* id : {"abc", "1.0", "1e3", "0x10", "%2B1", "+1", "-1", "-0", "1%20", "%201", "%EF%BC%91", "%D9%A1",
                           "NULL", "NaN", "1'%20OR%20'1'='1", "1--", "9223372036854775808", "18446744073709551617"}) {
        BOOST_TEST(refused(std::string{"queue="} + id) == "400 [queue] The queue is invalid.");
        BOOST_TEST(refused(std::string{"destination="} + id) == "400 [destination] The destination is invalid.");
    }
    BOOST_TEST(refused("queue=" + std::string(1000, '9')) == "400 [queue] The queue is invalid.");
    BOOST_TEST(asked("queue=" + std::string(999, '0') + "7") == "queue_statistics 7 {0,253402300800}");
}

BOOST_AUTO_TEST_CASE(times_are_unix_seconds_up_to_the_year_9999) {
    for (const char* time :
         {"abc", "-1", "1.5", "253402300800", "1230000000000", "9223372036854775807", "1e9", "%201"}) {
        BOOST_TEST(refused(std::string{"queue=1;start="} + time) == "400 [start] The start is invalid.");
        BOOST_TEST(refused(std::string{"queue=1;end="} + time) == "400 [end] The end is invalid.");
    }
}

BOOST_AUTO_TEST_CASE(start_may_equal_but_not_follow_end) {
    BOOST_TEST(asked("queue=1;start=7;end=7") == "queue_statistics 1 {7,7}");
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

BOOST_AUTO_TEST_CASE(an_interval_asks_for_all_periods_at_once) {
    BOOST_TEST(asked("queue=1;interval=hour;start=3599;end=7201") == "queue_statistics 1 {3599,3600,7200,7201}");
    BOOST_TEST(asked("destination=1;interval=day;timezone=Asia/Kathmandu;start=0;end=100000") ==
               "destination_statistics 1 {0,66600,100000}");
    BOOST_TEST(asked("destination=1;interval=hour_of_day;start=3599;end=7201") ==
               "destination_statistics 1 {3599,3600,7200,7201} {0,1,2}");
    BOOST_TEST(asked("queue=1;interval=;timezone=;format=") == "queue_statistics 1 {0,253402300800}");
    BOOST_TEST(asked("queue=1;timezone=Europe/Berlin;start=1;end=2") == "queue_statistics 1 {1,2}");
    // What the first and the last bucket are follows from the calls.
    BOOST_TEST(asked("queue=1;interval=month") == "queue_statistics 1 {0,253402300800}");
    BOOST_TEST(asked("destination=1;interval=15min;start=5") == "destination_statistics 1 {5,253402300800}");
    BOOST_TEST(asked("queue=1;interval=day;end=0") == "queue_statistics 1 {0,0}");
}

BOOST_AUTO_TEST_CASE(a_series_has_at_most_1000_buckets_and_100_of_a_queue) {
    const std::string too_short = "400 [interval] The interval is too short for the period.";
    BOOST_TEST(asked("destination=1;interval=hour;start=0;end=3600000") != "");
    BOOST_TEST(refused("destination=1;interval=hour;start=0;end=3600001") == too_short);
    BOOST_TEST(asked("queue=1;interval=hour;start=0;end=360000") != "");
    BOOST_TEST(refused("queue=1;interval=hour;start=0;end=360001") == too_short);
    BOOST_TEST(refused("queue=1;interval=15min;start=0;end=253402300799") == too_short);
}

BOOST_AUTO_TEST_CASE(a_profile_needs_a_period_of_400_days_at_most_and_no_queue) {
    const std::string too_short = "400 [interval] The interval is too short for the period.";
    for (const std::string interval : {"hour_of_day", "day_of_week", "hour_of_week"}) {
        const std::string asks = "destination=1;interval=" + interval;
        BOOST_TEST(asked(asks + ";start=0;end=34560000") != "");
        BOOST_TEST(refused(asks + ";start=0;end=34560001") == too_short);
        BOOST_TEST(refused(asks) == too_short);
        BOOST_TEST(refused(asks + ";start=253402300000") == too_short);
        BOOST_TEST(refused(asks + ";end=1000") == too_short);
        BOOST_TEST(refused("queue=1;start=0;end=1;interval=" + interval) == "400 [interval] The interval is invalid.");
    }
}

BOOST_AUTO_TEST_CASE(interval_timezone_and_format_are_exact_and_refused_in_this_order) {
    for (const char* interval : {"Hour", "hours", "15", "15Min", "year", "hour%20", "hour_of_year"})
        BOOST_TEST(refused(std::string{"destination=1;interval="} + interval) ==
                   "400 [interval] The interval is invalid.");
    BOOST_TEST(refused("destination=1;timezone=localtime") == "400 [timezone] The timezone is invalid.");
    for (const char* format : {"CSV", "Json", "xml", "csv%20"})
        BOOST_TEST(refused(std::string{"destination=1;format="} + format) == "400 [format] The format is invalid.");
    const std::string last = " | 400 [timezone] The timezone is invalid. | 400 [format] The format is invalid.";
    BOOST_TEST(refused("format=x;timezone=y;interval=z;start=2;end=1;destination=a") ==
               "400 [destination] The destination is invalid. | 400 [start] The start is after the end. | "
               "400 [interval] The interval is invalid." +
                   last);
    BOOST_TEST(refused("destination=1;interval=day_of_week;timezone=y;format=x") ==
               "400 [interval] The interval is too short for the period." + last);
    BOOST_TEST(refused("destination=1;interval=day;timezone=y;format=x;start=0;end=99999999999") == last.substr(3));
}

BOOST_AUTO_TEST_CASE(destinations_are_in_bytewise_order_and_removed_ones_only_there_with_calls) {
    using Row = FakeRows::Row;
    const auto destination = [](const char* id, const char* dtype, const char* dnumber, const char* removed) {
        return Row{{"destination", id}, {"dtype", dtype}, {"dnumber", dnumber}, {"removed", removed}};
    };
    const FakeRows rows{{Row{{"destination", "9"}, {"outcome", "busy"}, {"start", "5"}, {"in_progress", "f"}},
                         destination("1", "phone", "2", "f"), destination("5", "phone", "10", "f"),
                         destination("9", "phone", "30", "t"), destination("7", "phone", "1", "t"),
                         destination("3", "Peer", "9", "f")}};
    const auto question = ask("queue=1");
    const auto reply = question->answer(*question, rows);
    const auto* const answer = std::get_if<core::Answer>(&*reply);
    std::vector<std::int64_t> ids;
    for (std::size_t row = 0; row < answer->rows(); ++row) ids.push_back(answer->row(row)[2].number);
    BOOST_TEST(ids == (std::vector<std::int64_t>{3, 5, 1, 9}), boost::test_tools::per_element());
    BOOST_TEST(answer->row(3)[3].number == 1);
}

BOOST_AUTO_TEST_CASE(calls_of_a_destination_without_a_row_are_left_out) {
    const FakeRows rows{{{{"destination", "9"}, {"outcome", "busy"}, {"start", "5"}}}};
    const auto question = ask("queue=1");
    BOOST_TEST(std::get<core::Answer>(*question->answer(*question, rows)).rows() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
