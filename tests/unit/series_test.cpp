#include "core/series.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time_zone.hpp"
#include "tests/unit/requests.hpp"

using core::Interval;

namespace {

constexpr std::int64_t kDay = 86400;

core::TimeZone zone(std::string_view name) {
    const auto found = core::TimeZone::find(name);
    BOOST_REQUIRE_MESSAGE(found, name << ": is tzdata installed?");
    return *found;
}

/// "start_local start+seconds, ..." of the buckets of a period.
std::string buckets(Interval interval, std::string_view zone_name, std::int64_t start, std::int64_t end) {
    const auto series = core::Series::buckets(interval, zone(zone_name), {start, end}, 1000);
    BOOST_REQUIRE(series);
    std::vector<core::Column> columns;
    series->append_columns(columns, true);
    core::Answer answer{core::Answer::Shape::kArray, columns};
    std::string text;
    for (std::size_t row = 0; row < series->rows(); ++row) {
        series->add_cells(row, true, answer);
        const auto cells = answer.row(row);
        text += (text.empty() ? "" : ", ") + std::string{answer.text(cells[1])} + " " +
                std::to_string(cells[0].number) + "+" + std::to_string(cells[2].number - cells[0].number);
    }
    return text;
}

/// "edges labels" of the buckets between calls.
std::string of_calls(std::string_view query, std::optional<std::int64_t> first, std::optional<std::int64_t> last) {
    const auto parameters =
        core::read_parameters(std::vector<std::string_view>{"start", "end", "interval", "timezone"}, {}, query, "");
    BOOST_REQUIRE(parameters);
    core::Refusals refusals;
    const core::Period period = core::read_period(*parameters, refusals);
    const core::Cut cut = core::read_cut(*parameters, period, {.most_buckets = 10, .has_profiles = true}, refusals);
    BOOST_REQUIRE(refusals.empty());
    BOOST_TEST(!cut.series);
    const auto series = cut.series_between(first, last);
    if (!series) return series.refusals().front().message;
    BOOST_TEST(!series->labels());
    return std::to_string(series->rows()) + " " + series->edges();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(series)

BOOST_AUTO_TEST_CASE(the_first_and_the_last_bucket_are_cut_to_the_period) {
    BOOST_TEST(buckets(Interval::kHour, "UTC", 3599, 7201) ==
               "1970-01-01 00:59 3599+1, 1970-01-01 01:00 3600+3600, 1970-01-01 02:00 7200+1");
    BOOST_TEST(buckets(Interval::k15Min, "UTC", 0, 1800) == "1970-01-01 00:00 0+900, 1970-01-01 00:15 900+900");
    BOOST_TEST(buckets(Interval::kDay, "UTC", 7, 7) == "");
    BOOST_TEST(buckets(Interval::kDay, "UTC", 7, 8) == "1970-01-01 00:00 7+1");
}

BOOST_AUTO_TEST_CASE(weeks_begin_on_monday_and_months_on_the_first) {
    BOOST_TEST(buckets(Interval::kWeek, "UTC", 0, 5 * kDay) ==
               "1970-01-01 00:00 0+345600, 1970-01-05 00:00 345600+86400");
    BOOST_TEST(buckets(Interval::kMonth, "UTC", 0, 60 * kDay) ==
               "1970-01-01 00:00 0+2678400, 1970-02-01 00:00 2678400+2419200, 1970-03-01 00:00 5097600+86400");
}

BOOST_AUTO_TEST_CASE(days_have_23_or_25_hours) {
    BOOST_TEST(buckets(Interval::kDay, "Europe/Berlin", 1774652400, 1774821600) ==
               "2026-03-28 00:00 1774652400+86400, 2026-03-29 00:00 1774738800+82800");
    BOOST_TEST(buckets(Interval::kDay, "Europe/Berlin", 1792879200, 1792969200) == "2026-10-25 00:00 1792879200+90000");
}

BOOST_AUTO_TEST_CASE(a_day_begins_at_the_first_of_two_midnights) {
    // Havana, 2023-11-05: at 1:00 it is midnight again.
    BOOST_TEST(buckets(Interval::kDay, "America/Havana", 1699156800, 1699246800) ==
               "2023-11-05 00:00 1699156800+90000");
    BOOST_TEST(buckets(Interval::kHour, "America/Havana", 1699156800, 1699167600) ==
               "2023-11-05 00:00 1699156800+3600, 2023-11-05 00:00 1699160400+3600, 2023-11-05 01:00 1699164000+3600");
}

BOOST_AUTO_TEST_CASE(a_day_without_midnight_begins_at_one) {
    BOOST_TEST(buckets(Interval::kDay, "America/Sao_Paulo", 1541214000, 1541383200) ==
               "2018-11-03 00:00 1541214000+86400, 2018-11-04 01:00 1541300400+82800");
    BOOST_TEST(buckets(Interval::kDay, "Asia/Beirut", 1774735200, 1774818000) == "2026-03-29 01:00 1774735200+82800");
}

BOOST_AUTO_TEST_CASE(a_day_whose_last_hour_is_there_twice_ends_after_the_second) {
    BOOST_TEST(buckets(Interval::kDay, "America/Sao_Paulo", 1518832800, 1519009200) ==
               "2018-02-17 00:00 1518832800+90000, 2018-02-18 00:00 1518922800+86400");
}

BOOST_AUTO_TEST_CASE(a_day_goes_on_where_clocks_are_set_back_to_the_day_before) {
    // St John's, 1988-10-30: a minute past midnight it was 22:01 again, of the 29th.
    BOOST_TEST(buckets(Interval::kDay, "America/St_Johns", 594091800, 594271800) ==
               "1988-10-29 00:00 594091800+86400, 1988-10-30 00:00 594178200+93600");
}

BOOST_AUTO_TEST_CASE(a_day_that_does_not_exist_has_no_bucket) {
    BOOST_TEST(
        buckets(Interval::kDay, "Pacific/Apia", 1325152800, 1325412000) ==
        "2011-12-29 00:00 1325152800+86400, 2011-12-31 00:00 1325239200+86400, 2012-01-01 00:00 1325325600+86400");
}

BOOST_AUTO_TEST_CASE(offsets_of_half_and_quarter_hours) {
    BOOST_TEST(buckets(Interval::kHour, "Asia/Kathmandu", 1700000000, 1700005000) ==
               "2023-11-15 03:58 1700000000+100, 2023-11-15 04:00 1700000100+3600, 2023-11-15 05:00 1700003700+1300");
    // Lord Howe, 2026-04-05: at 2:00 it is 1:30 again.
    BOOST_TEST(buckets(Interval::kHour, "Australia/Lord_Howe", 1775311200, 1775320200) ==
               "2026-04-05 01:00 1775311200+3600, 2026-04-05 01:30 1775314800+1800, 2026-04-05 02:00 1775316600+3600");
}

BOOST_AUTO_TEST_CASE(the_rule_goes_on_where_the_file_of_a_zone_ends) {
    BOOST_TEST(buckets(Interval::kDay, "Europe/Berlin", 4070905200, 4070991600) == "2099-01-01 00:00 4070905200+86400");
    // 2065-03-29 and -10-25 are the last Sundays of their months.
    BOOST_TEST(buckets(Interval::kDay, "Europe/Berlin", 3005506800, 3005589600) == "2065-03-29 00:00 3005506800+82800");
    BOOST_TEST(buckets(Interval::kDay, "Europe/Berlin", 3023647200, 3023737200) == "2065-10-25 00:00 3023647200+90000");
    // Greenland changes its clocks an hour before midnight.
    BOOST_TEST(zone("America/Nuuk").stretch_from(3005500000).end == 3005514000);
    // Israel and Palestine a day or two after a Thursday: at 26:00, and at 50:00.
    BOOST_TEST(zone("Asia/Jerusalem").stretch_from(3000000000).end == 3005337600);
    BOOST_TEST(zone("Asia/Jerusalem").stretch_from(3005500000).end == 3023650800);
    BOOST_TEST(zone("Asia/Gaza").stretch_from(4100000000).end == 4109788800);
}

BOOST_AUTO_TEST_CASE(a_change_that_leaves_the_offset_is_none) {
    // Since 2011 the change of Moscow's names, laws and zones left the offset twice; since 2014 there is none.
    const auto stretch = zone("Europe/Moscow").stretch_from(1500000000);
    BOOST_TEST(stretch.offset == 10800);
    BOOST_TEST(stretch.end > core::kMaxTime);
    std::int64_t offset = 1;
    for (std::int64_t at = 0; at < 4'000'000'000;) {
        const auto next = zone("Africa/Casablanca").stretch_from(at);
        BOOST_TEST(next.offset != offset);
        offset = next.offset;
        at = next.end;
    }
}

BOOST_AUTO_TEST_CASE(names_are_those_of_the_zone_database) {
    for (const char* name : {"UTC", "Europe/Berlin", "Asia/Calcutta", "Europe/Kiev", "America/Argentina/Buenos_Aires"})
        BOOST_TEST(core::TimeZone::find(name).has_value(), name);
    for (const char* name : {"", "localtime", "posixrules", "Factory", "right/UTC", "posix/UTC", "utc", "europe/berlin",
                             "Europe", "Europe/", "/UTC", "../zoneinfo/UTC", "zone.tab", "tzdata.zi", "leapseconds"})
        BOOST_TEST(!core::TimeZone::find(name), name);
}

BOOST_AUTO_TEST_CASE(there_are_at_most_so_many_buckets) {
    const core::TimeZone utc;
    BOOST_TEST(core::Series::buckets(Interval::kHour, utc, {0, 1000 * 3600}, 1000)->rows() == 1000);
    BOOST_TEST(!core::Series::buckets(Interval::kHour, utc, {0, 1000 * 3600 + 1}, 1000));
    BOOST_TEST(!core::Series::buckets(Interval::k15Min, utc, {0, core::kNoEnd}, 1000));
}

BOOST_AUTO_TEST_CASE(a_call_belongs_to_the_bucket_that_has_begun) {
    const auto series = core::Series::buckets(Interval::kHour, core::TimeZone{}, {1800, 9000}, 1000);
    BOOST_TEST(series->edges() == "{1800,3600,7200,9000}");
    for (const auto& [time, row] : {std::pair{1800, 0}, {3599, 0}, {3600, 1}, {7199, 1}, {7200, 2}, {8999, 2}})
        BOOST_TEST(series->row_at(time) == static_cast<std::size_t>(row));
}

BOOST_AUTO_TEST_CASE(without_start_or_end_the_series_is_that_of_the_calls_and_all_is_read) {
    const std::string no_end = std::to_string(core::kNoEnd);
    BOOST_TEST(of_calls("interval=day", 100000, 200000) == "2 {0,86400,172800,259200," + no_end + "}");
    BOOST_TEST(of_calls("interval=day;end=200001", 100000, 200000) == "2 {0,86400,172800,200001}");
    BOOST_TEST(of_calls("interval=day;start=5", 100000, 200000) == "3 {5,86400,172800,259200," + no_end + "}");
    BOOST_TEST(of_calls("interval=month;timezone=America/New_York", 5, 6) == "1 {0,18000," + no_end + "}");
    BOOST_TEST(of_calls("interval=hour", 0, 36000) == core::kIntervalTooShort.message);
    BOOST_TEST(of_calls("interval=hour;end=5", std::nullopt, std::nullopt).starts_with("0 "));
}

BOOST_AUTO_TEST_CASE(what_lies_outside_of_the_buckets_has_no_row) {
    auto series = core::Series::buckets(Interval::kDay, core::TimeZone{}, {86400, 172800}, 1000);
    series->widen({0, core::kNoEnd});
    BOOST_TEST(series->row_at(86399) == 1);
    BOOST_TEST(series->row_at(86400) == 0);
    BOOST_TEST(series->row_at(172799) == 0);
    BOOST_TEST(series->row_at(172800) == 1);
}

BOOST_AUTO_TEST_CASE(a_profile_has_all_rows_and_the_seconds_of_each) {
    // Berlin, Sunday 2026-10-25: the hour from 2:00 is there twice.
    const auto week = core::Series::profile(Interval::kHourOfWeek, zone("Europe/Berlin"), {1792879200, 1792969200});
    std::vector<core::Column> columns;
    week.append_columns(columns, true);
    BOOST_TEST(columns.size() == 3);
    core::Answer answer{core::Answer::Shape::kArray, columns};
    std::int64_t seconds = 0;
    for (std::size_t row = 0; row < week.rows(); ++row) {
        week.add_cells(row, true, answer);
        const auto cells = answer.row(row);
        BOOST_TEST(cells[0].number == static_cast<std::int64_t>(row / 24 + 1));
        BOOST_TEST(cells[1].number == static_cast<std::int64_t>(row % 24));
        BOOST_TEST(cells[2].number == (row / 24 != 6 ? 0 : row % 24 == 2 ? 7200 : 3600));
        seconds += cells[2].number;
    }
    BOOST_TEST(week.rows() == 168);
    BOOST_TEST(seconds == 90000);
    BOOST_TEST(week.row_at(1792879200 + 2 * 3600) == 6 * 24 + 2);
    BOOST_TEST(week.row_at(1792879200 + 3 * 3600) == 6 * 24 + 2);
    BOOST_TEST(week.row_at(1792879200 + 4 * 3600) == 6 * 24 + 3);
    BOOST_TEST(core::Series::profile(Interval::kHourOfDay, core::TimeZone{}, {5, 5}).rows() == 24);
    BOOST_TEST(core::Series::profile(Interval::kDayOfWeek, core::TimeZone{}, {0, 8 * kDay}).labels().value() ==
               "{3,4,5,6,0,1,2,3}");
    BOOST_TEST(core::Series::profile(Interval::kHourOfDay, core::TimeZone{}, {3700, 3800}).row_at({}) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
