#include "core/statistics.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <memory>

using core::average_in_hundredths;

BOOST_AUTO_TEST_SUITE(statistics)

BOOST_AUTO_TEST_CASE(averages_are_rounded_half_up_to_two_decimals) {
    BOOST_TEST(average_in_hundredths(0, 5) == 0);
    BOOST_TEST(average_in_hundredths(12, 1) == 1200);
    BOOST_TEST(average_in_hundredths(37, 3) == 1233);  // 12.333...
    BOOST_TEST(average_in_hundredths(38, 3) == 1267);  // 12.666...
    BOOST_TEST(average_in_hundredths(1, 8) == 13);     // 0.125, which rounding half to even would make 0.12
    BOOST_TEST(average_in_hundredths(1, 200) == 1);    // 0.005
    BOOST_TEST(average_in_hundredths(1, 201) == 0);
    BOOST_TEST(average_in_hundredths(1005, 1000) == 101);  // 1.005, which is less in floating point
}

BOOST_AUTO_TEST_CASE(averages_of_the_largest_sums_are_exact) {
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
    BOOST_TEST(average_in_hundredths(kMax, kMax) == 100);
    BOOST_TEST(average_in_hundredths(kMax, 100) == kMax);
    BOOST_TEST(average_in_hundredths((1LL << 53) + 1, 4) == 225179981368524825);  // 2251799813685248.25
}

BOOST_AUTO_TEST_CASE(calls_are_the_sum_of_the_outcomes_without_those_in_progress) {
    core::CallStatistics s;
    s.answered = 1;
    s.in_progress = 1;
    s.no_answer = 10;
    s.busy = 100;
    s.cancelled = 1000;
    s.answered_elsewhere = 10000;
    s.failed = 100000;
    BOOST_TEST(s.calls() == 111111);
}

BOOST_AUTO_TEST_CASE(without_calls_all_is_zero_and_empty) {
    const auto destination = std::make_unique<core::DestinationStatistics>();
    BOOST_TEST((destination->statistics == core::CallStatistics{}));
    BOOST_TEST(destination->statistics.calls() == 0);
    BOOST_TEST((destination->statistics.talktime == core::Duration{.known = 0, .sum = 0, .min = {}, .max = {}}));
    BOOST_TEST((*destination == core::DestinationStatistics{0, "", "", {}}));
}

BOOST_AUTO_TEST_SUITE_END()
