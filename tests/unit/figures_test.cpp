#include "core/figures.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/failure.hpp"
#include "tests/unit/fake_rows.hpp"

using core::average_in_hundredths;

namespace {

using Row = FakeRows::Row;

/// The cell of one figure of what these rows add up to.
core::Cell cell(const std::vector<Row>& rows, std::string_view name,
                std::span<const core::Figure> figures = core::offer_figures()) {
    const auto found = std::ranges::find(figures, name, &core::Figure::name);
    BOOST_REQUIRE((found != figures.end()));
    std::vector<core::Column> columns;
    core::append_columns(columns, figures);
    core::Answer answer{core::Answer::Shape::kObject, columns};
    const FakeRows fake{rows};
    core::FigureAdder adder{fake, figures, 1};
    for (int row = 0; row < fake.size(); ++row) {
        const Row& cells = rows[static_cast<std::size_t>(row)];
        if (cells.contains("destination") || cells.contains("outcome"))
            adder.add(row, 0);
        else
            adder.name_sums(row);
    }
    adder.add_cells(0, answer);
    return answer.row(0)[static_cast<std::size_t>(found - figures.begin())];
}

/// The integer of that figure; nullopt for null.
std::optional<std::int64_t> number(const std::vector<Row>& rows, std::string_view name) {
    const core::Cell found = cell(rows, name);
    return found.kind == core::Cell::Kind::kNull ? std::nullopt : std::optional{found.number};
}

Row call(std::string outcome, Row times = {}) {
    times.insert({{"destination", "1"}, {"outcome", std::move(outcome)}, {"start", "1000"}, {"in_progress", "f"}});
    return times;
}

std::vector<Row> summed(const Row& sums) { return {FakeRows::names(), FakeRows::sums("1", sums)}; }

/// All figures of callers that can be asked for at once, with these levels.
std::vector<core::Figure> all_caller_figures(std::span<const std::int64_t> levels = core::wait_limits()) {
    return core::caller_figures(0, levels);
}

/// The number in the cell of one figure of callers; nullopt for null.
std::optional<std::int64_t> callers(const std::vector<Row>& rows, std::string_view name,
                                    const std::vector<core::Figure>& figures = core::caller_figures({}, {})) {
    const core::Cell found = cell(rows, name, figures);
    return found.kind == core::Cell::Kind::kNull ? std::nullopt : std::optional{found.number};
}

Row caller(std::string outcome, Row times = {}) {
    times.insert({{"outcome", std::move(outcome)}, {"entered", "1000"}, {"in_progress", "f"}});
    return times;
}

Row waited(std::string outcome, int seconds) {
    return caller(std::move(outcome), {{"waittime", std::to_string(seconds)}});
}

std::vector<Row> summed_callers(const Row& sums) {
    return {FakeRows::names(all_caller_figures()), FakeRows::sums("1", sums, all_caller_figures())};
}

bool is_broken(const core::StoreFailure& failure) { return failure.kind() == core::StoreFailure::Kind::kBroken; }

}  // namespace

BOOST_AUTO_TEST_SUITE(figures)

BOOST_AUTO_TEST_CASE(averages_are_rounded_half_up_to_two_decimals) {
    BOOST_TEST(average_in_hundredths(0, 5) == 0);
    BOOST_TEST(average_in_hundredths(12, 1) == 1200);
    BOOST_TEST(average_in_hundredths(37, 3) == 1233);  // 12.333...
    BOOST_TEST(average_in_hundredths(38, 3) == 1267);  // 12.666...
    BOOST_TEST(average_in_hundredths(1, 8) == 13);     // 0.125, which round half to even would make 0.12
    BOOST_TEST(average_in_hundredths(1, 200) == 1);    // 0.005
    BOOST_TEST(average_in_hundredths(1, 201) == 0);
    BOOST_TEST(average_in_hundredths(1005, 1000) == 101);  // 1.005, which is less than that in floating point
}

BOOST_AUTO_TEST_CASE(averages_of_the_largest_sums_are_exact) {
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
    BOOST_TEST(average_in_hundredths(kMax, kMax) == 100);
    BOOST_TEST(average_in_hundredths(kMax, 100) == kMax);
    BOOST_TEST(average_in_hundredths((1LL << 53) + 1, 4) == 225179981368524825);  // 2251799813685248.25
}

BOOST_AUTO_TEST_CASE(calls_are_the_sum_of_the_outcomes_without_those_in_progress) {
    BOOST_TEST(number(summed({{"answered", "1"},
                              {"in_progress", "1"},
                              {"no_answer", "10"},
                              {"busy", "100"},
                              {"cancelled", "1000"},
                              {"answered_elsewhere", "10000"},
                              {"failed", "100000"}}),
                      "calls")
                   .value() == 111111);
}

BOOST_AUTO_TEST_CASE(calls_are_counted_and_measured) {
    const std::vector<Row> calls{call("answered", {{"talktime", "10"}, {"ringtime", "3"}, {"start", "700"}}),
                                 call("answered", {{"in_progress", "t"}, {"ringtime", "5"}}),
                                 call("answered", {{"talktime", "15"}, {"holdtime", "0"}, {"start", "1300"}}),
                                 call("busy"), call("answered_elsewhere", {{"ringtime", "0"}})};
    BOOST_TEST(number(calls, "calls").value() == 5);
    BOOST_TEST(number(calls, "calls_answered").value() == 3);
    BOOST_TEST(number(calls, "calls_in_progress").value() == 1);
    BOOST_TEST(number(calls, "calls_answered_elsewhere").value() == 1);
    BOOST_TEST(number(calls, "calls_no_answer").value() == 0);
    BOOST_TEST(number(calls, "talktime_sum").value() == 25);
    BOOST_TEST(number(calls, "talktime_min").value() == 10);
    BOOST_TEST(number(calls, "talktime_max").value() == 15);
    BOOST_TEST(number(calls, "talktime_avg").value() == 1250);
    BOOST_TEST(number(calls, "ringtime_min").value() == 0);
    BOOST_TEST(number(calls, "ringtime_avg").value() == 267);
    BOOST_TEST(number(calls, "holdtime_avg").value() == 0);
    BOOST_TEST(number(calls, "first_call").value() == 700);
    BOOST_TEST(number(calls, "last_call").value() == 1300);
}

BOOST_AUTO_TEST_CASE(calls_and_sums_add_up) {
    std::vector<Row> rows{call("failed", {{"ringtime", "4"}, {"start", "500"}}), FakeRows::names(),
                          FakeRows::sums("1", {{"failed", "2"},
                                               {"ringtime_known", "1"},
                                               {"ringtime_sum", "7"},
                                               {"ringtime_min", "7"},
                                               {"ringtime_max", "7"},
                                               {"first_call", "100"},
                                               {"last_call", "400"}}),
                          FakeRows::sums("1", {{"busy", "1"}, {"first_call", "90"}, {"last_call", "90"}})};
    BOOST_TEST(number(rows, "calls").value() == 4);
    BOOST_TEST(number(rows, "calls_failed").value() == 3);
    BOOST_TEST(number(rows, "ringtime_sum").value() == 11);
    BOOST_TEST(number(rows, "ringtime_min").value() == 4);
    BOOST_TEST(number(rows, "ringtime_max").value() == 7);
    BOOST_TEST(number(rows, "ringtime_avg").value() == 550);
    BOOST_TEST(number(rows, "first_call").value() == 90);
    BOOST_TEST(number(rows, "last_call").value() == 500);
    BOOST_TEST(!number(rows, "talktime_max"));
}

BOOST_AUTO_TEST_CASE(groups_are_added_up_apart) {
    const FakeRows rows{{call("busy"), call("failed"), call("failed")}};
    core::FigureAdder figures{rows, core::offer_figures(), 3};
    figures.add(0, 0);
    figures.add(1, 2);
    figures.add(2, 2);
    BOOST_TEST(figures.calls(0) == 1);
    BOOST_TEST(figures.calls(1) == 0);
    BOOST_TEST(figures.calls(2) == 2);
}

BOOST_AUTO_TEST_CASE(the_order_of_sums_is_told_by_their_names) {
    std::string names;
    for (const core::Figure& figure : core::offer_figures())
        if (figure.sums != "busy" && !figure.sums.empty()) names += "," + std::string{figure.sums};
    const Row row{{"destination", "1"}, {"sums", "(x,5" + std::string(std::ranges::count(names, ','), ',') + ")"}};
    BOOST_TEST(number({{{"sums", "(unknown,busy" + names + ")"}}, row}, "calls_busy").value() == 5);
}

BOOST_AUTO_TEST_CASE(without_calls_counts_and_sums_are_zero_and_all_else_is_null) {
    using Kind = core::Figure::Kind;
    for (const core::Figure& figure : core::offer_figures()) {
        const core::Cell none = cell({{}}, figure.name);
        const bool is_null = figure.kind == Kind::kMin || figure.kind == Kind::kMax || figure.kind == Kind::kAverage;
        BOOST_TEST((none.kind == (is_null ? core::Cell::Kind::kNull : core::Cell::Kind::kInteger)), figure.name);
        BOOST_TEST(none.number == 0, figure.name);
    }
}

BOOST_AUTO_TEST_CASE(rows_that_cannot_be_understood_are_a_broken_database) {
    const FakeRows none{{}};
    const std::array absent{core::Figure{"calls_absent", core::Figure::Kind::kFlag, "absent", "absent"}};
    BOOST_CHECK_EXCEPTION((core::FigureAdder{none, absent, 1}), core::StoreFailure, is_broken);
    const std::vector<std::vector<Row>> broken{
        {call("lost")},
        {call("busy", {{"talktime", "long"}})},
        summed({{"answered", "many"}}),
        summed({{"answered", "9223372036854775808"}}),
        {FakeRows::sums("1", {})},                                     // without names
        {{{"sums", "(answered,busy)"}}},                               // names are missing
        {{{"sums", "answered"}}},                                      // not a record
        {FakeRows::names(), {{"destination", "1"}, {"sums", "(1)"}}},  // fields are missing
    };
    for (const std::vector<Row>& rows : broken)
        BOOST_CHECK_EXCEPTION(cell(rows, "calls"), core::StoreFailure, is_broken);
}

BOOST_AUTO_TEST_CASE(percentages_are_rounded_half_up_to_two_decimals) {
    using core::percentage_in_hundredths;
    BOOST_TEST(percentage_in_hundredths(0, 7) == 0);
    BOOST_TEST(percentage_in_hundredths(7, 7) == 10000);
    BOOST_TEST(percentage_in_hundredths(39, 106) == 3679);  // 36.7924...
    BOOST_TEST(percentage_in_hundredths(2, 3) == 6667);
    BOOST_TEST(percentage_in_hundredths(1, 1600) == 6);  // 0.0625
    BOOST_TEST(percentage_in_hundredths(1, 32) == 313);  // 3.125
    BOOST_TEST(percentage_in_hundredths(1, 20000) == 1);
    BOOST_TEST(percentage_in_hundredths(1, 20001) == 0);
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
    BOOST_TEST(percentage_in_hundredths(kMax, kMax) == 10000);
}

BOOST_AUTO_TEST_CASE(callers_are_counted_and_measured) {
    const std::vector<Row> rows{
        caller("answered", {{"waittime", "10"}, {"talktime", "60"}, {"entered", "700"}}),
        caller("answered", {{"waittime", "31"}, {"in_progress", "t"}}),
        caller("answered", {{"talktime", "65"}}),
        waited("abandoned", 4),
        waited("timeout", 300),
        waited("key", 7),
        waited("empty", 8),
        caller("other"),
        caller("waiting", {{"entered", "1200"}}),
        caller("waiting", {{"entered", "1100"}}),
        caller("refused", {{"entered", "600"}}),
        caller("refused", {{"entered", "1300"}}),
    };
    BOOST_TEST(callers(rows, "calls").value() == 10);
    BOOST_TEST(callers(rows, "calls_answered").value() == 3);
    BOOST_TEST(callers(rows, "calls_in_progress").value() == 1);
    BOOST_TEST(callers(rows, "calls_waiting").value() == 2);
    BOOST_TEST(callers(rows, "calls_abandoned").value() == 1);
    BOOST_TEST(callers(rows, "calls_timeout").value() == 1);
    BOOST_TEST(callers(rows, "calls_key").value() == 1);
    BOOST_TEST(callers(rows, "calls_empty").value() == 1);
    BOOST_TEST(callers(rows, "calls_other").value() == 1);
    BOOST_TEST(callers(rows, "calls_refused").value() == 2);
    BOOST_TEST(callers(rows, "talktime_avg").value() == 6250);
    BOOST_TEST(callers(rows, "holdtime_sum").value() == 41);
    BOOST_TEST(callers(rows, "holdtime_min").value() == 10);
    BOOST_TEST(callers(rows, "holdtime_max").value() == 31);
    BOOST_TEST(callers(rows, "holdtime_avg").value() == 2050);
    BOOST_TEST(callers(rows, "abandontime_sum").value() == 4);
    BOOST_TEST(callers(rows, "abandontime_min").value() == 4);
    BOOST_TEST(callers(rows, "abandontime_max").value() == 4);
    BOOST_TEST(callers(rows, "abandontime_avg").value() == 400);
    BOOST_TEST(callers(rows, "waittime_sum").value() == 360);
    BOOST_TEST(callers(rows, "waittime_min").value() == 4);
    BOOST_TEST(callers(rows, "waittime_max").value() == 300);
    BOOST_TEST(callers(rows, "waittime_avg").value() == 6000);
    BOOST_TEST(callers(rows, "waiting_since").value() == 1100);
    BOOST_TEST(callers(rows, "first_call").value() == 700);
    BOOST_TEST(callers(rows, "last_call").value() == 1200);
}

BOOST_AUTO_TEST_CASE(who_was_refused_is_no_call_in_sums_either) {
    const std::vector<Row> rows = summed_callers({{"answered", "1"}, {"waiting", "10"}, {"refused", "100"}});
    BOOST_TEST(callers(rows, "calls").value() == 11);
    BOOST_TEST(callers(rows, "calls_refused").value() == 100);
}

BOOST_AUTO_TEST_CASE(callers_and_their_sums_add_up) {
    std::vector<Row> rows = summed_callers({{"answered", "2"},
                                            {"holdtime_known", "2"},
                                            {"holdtime_sum", "30"},
                                            {"holdtime_min", "9"},
                                            {"holdtime_max", "21"},
                                            {"waiting", "1"},
                                            {"waiting_since", "900"},
                                            {"first_call", "100"},
                                            {"last_call", "900"}});
    rows.push_back(waited("answered", 6));
    rows.push_back(waited("abandoned", 5));
    rows.push_back(caller("waiting"));
    BOOST_TEST(callers(rows, "holdtime_avg").value() == 1200);
    BOOST_TEST(callers(rows, "holdtime_min").value() == 6);
    BOOST_TEST(callers(rows, "abandontime_avg").value() == 500);
    BOOST_TEST(callers(rows, "waiting_since").value() == 900);
    BOOST_TEST(callers(rows, "first_call").value() == 100);
    BOOST_TEST(callers(rows, "last_call").value() == 1000);
}

BOOST_AUTO_TEST_CASE(a_call_is_within_every_limit_that_its_wait_does_not_exceed) {
    const std::vector<Row> rows{waited("answered", 0),   waited("answered", 3),   waited("answered", 4),
                                waited("answered", 20),  waited("answered", 21),  waited("answered", 900),
                                waited("answered", 901), waited("abandoned", 20), caller("answered")};
    const auto within = [&](int seconds) {
        return callers(rows, "calls_answered_within_" + std::to_string(seconds), all_caller_figures()).value();
    };
    BOOST_TEST(within(3) == 2);
    BOOST_TEST(within(5) == 3);
    BOOST_TEST(within(15) == 3);
    BOOST_TEST(within(20) == 4);
    BOOST_TEST(within(25) == 5);
    BOOST_TEST(within(600) == 5);
    BOOST_TEST(within(900) == 6);
    BOOST_TEST(callers(rows, "calls_abandoned_within_15", all_caller_figures()).value() == 0);
    BOOST_TEST(callers(rows, "calls_abandoned_within_20", all_caller_figures()).value() == 1);
}

BOOST_AUTO_TEST_CASE(limits_are_the_same_in_any_order_and_number) {
    std::vector<Row> rows = summed_callers({{"answered_3", "1"},
                                            {"answered_5", "10"},
                                            {"answered_15", "100"},
                                            {"answered_20", "1000"},
                                            {"answered_60", "10000"},
                                            {"answered_900", "100000"},
                                            {"abandoned_0", "1"},
                                            {"abandoned_3", "10"},
                                            {"abandoned_30", "100"}});
    rows.push_back(waited("answered", 20));
    rows.push_back(waited("abandoned", 25));
    const std::vector<std::vector<std::int64_t>> orders{
        {20}, {60, 20}, {20, 5, 60}, {900, 20, 3}, {15, 20, 25, 30, 45}};
    for (const std::vector<std::int64_t>& levels : orders) {
        BOOST_TEST(callers(rows, "calls_answered_within_20", all_caller_figures(levels)).value() == 1112);
        BOOST_TEST(callers(rows, "calls_abandoned_within_20", all_caller_figures(levels)).value() == 11);
    }
    BOOST_TEST(callers(rows, "calls_answered_within_60", all_caller_figures(orders[2])).value() == 11112);
    BOOST_TEST(callers(rows, "calls_answered_within_5", all_caller_figures(orders[2])).value() == 11);
    BOOST_TEST(callers(rows, "calls_abandoned_within_30", all_caller_figures(orders[4])).value() == 112);
}

BOOST_AUTO_TEST_CASE(a_short_abandon_counts_up_to_its_limit) {
    std::vector<Row> rows = summed_callers({{"abandoned_0", "1"}, {"abandoned_3", "10"}, {"abandoned_5", "100"}});
    for (const int seconds : {0, 1, 3, 4, 5, 6}) rows.push_back(waited("abandoned", seconds));
    rows.push_back(caller("abandoned"));
    rows.push_back(waited("answered", 0));
    const auto abandoned = [&](std::int64_t seconds, std::vector<std::int64_t> levels = {}) {
        return callers(rows, "calls_abandoned_short", core::caller_figures(seconds, levels)).value();
    };
    BOOST_TEST(abandoned(0) == 2);
    BOOST_TEST(abandoned(3) == 14);
    BOOST_TEST(abandoned(5) == 116);
    BOOST_TEST(abandoned(900) == 117);
    BOOST_TEST(abandoned(3, {3}) == 14);
    BOOST_TEST(abandoned(3, {5, 3}) == 14);
    BOOST_TEST(abandoned(5, {3, 20}) == 116);
    const std::vector<std::int64_t> levels{3, 5};
    BOOST_TEST(callers(rows, "calls_abandoned_within_3", core::caller_figures(3, levels)).value() == 14);
    BOOST_TEST(callers(rows, "calls_abandoned_within_5", core::caller_figures(0, levels)).value() == 116);
}

BOOST_AUTO_TEST_CASE(a_service_level_is_of_all_but_who_waits_and_who_abandoned_at_once) {
    const std::vector<std::int64_t> levels{20};
    const auto percent = [&levels](const std::vector<Row>& rows, std::optional<std::int64_t> short_abandon = {}) {
        return callers(rows, "service_level_20", core::caller_figures(short_abandon, levels));
    };
    // 108 callers of a real log: 93 answered, 12 abandoned, 1 left after the timeout, 2 still waiting.
    const std::vector<Row> real = summed_callers({{"answered", "93"},
                                                  {"abandoned", "12"},
                                                  {"timeout", "1"},
                                                  {"waiting", "2"},
                                                  {"refused", "50"},
                                                  {"answered_15", "30"},
                                                  {"answered_20", "9"},
                                                  {"answered_25", "4"},
                                                  {"abandoned_5", "1"}});
    BOOST_TEST(percent(real).value() == 3679);
    BOOST_TEST(percent(real, 0).value() == 3679);
    BOOST_TEST(percent(real, 5).value() == 3714);
    // The caller who abandoned at once is also within the lower level.
    const std::vector<Row> some_short{waited("abandoned", 0), waited("answered", 1), waited("abandoned", 9)};
    const std::vector<core::Figure> two_levels = core::caller_figures(5, std::array<std::int64_t, 2>{3, 20});
    BOOST_TEST(callers(some_short, "service_level_20", two_levels).value() == 5000);
    const std::vector<Row> all_short{waited("abandoned", 0), caller("waiting"), caller("refused")};
    BOOST_TEST(percent(all_short).value() == 0);
    BOOST_TEST(!percent(all_short, 0));
    BOOST_TEST(!percent({}));
}

BOOST_AUTO_TEST_CASE(without_callers_counts_and_sums_are_zero_and_all_else_is_null) {
    using Kind = core::Figure::Kind;
    for (const core::Figure& figure : all_caller_figures()) {
        const core::Cell none = cell({{}}, figure.name, all_caller_figures());
        const bool is_null = figure.kind == Kind::kMin || figure.kind == Kind::kMax || figure.kind == Kind::kAverage ||
                             figure.kind == Kind::kServiceLevel;
        BOOST_TEST((none.kind == (is_null ? core::Cell::Kind::kNull : core::Cell::Kind::kInteger)), figure.name);
        BOOST_TEST(none.number == 0, figure.name);
    }
}

BOOST_AUTO_TEST_CASE(sums_of_callers_that_cannot_be_understood_are_a_broken_database) {
    const std::vector<std::int64_t> levels{20};
    const std::vector<core::Figure> figures = core::caller_figures(0, levels);
    const auto without = [&figures](std::string_view name) {
        std::vector<core::Figure> rest = figures;
        std::erase_if(rest, [name](const core::Figure& figure) { return figure.sums == name; });
        return std::vector{FakeRows::names(rest)};
    };
    BOOST_CHECK_NO_THROW(callers(without(""), "calls", figures));
    for (const char* name :
         {"refused", "holdtime_known", "waiting_since", "answered_20", "abandoned_20", "abandoned_0"})
        BOOST_CHECK_EXCEPTION(callers(without(name), "calls", figures), core::StoreFailure, is_broken);
    BOOST_CHECK_EXCEPTION(callers({caller("lost")}, "calls"), core::StoreFailure, is_broken);
}

BOOST_AUTO_TEST_CASE(sums_are_exact_to_the_last_and_over_it_a_failure) {
    const Row most{{"talktime_known", "9223372036854775806"}, {"talktime_sum", "9223372036854775807"}};
    BOOST_TEST(number(summed(most), "talktime_sum").value() == 9223372036854775807);
    const std::vector<Row> over{FakeRows::names(), FakeRows::sums("1", most), call("answered", {{"talktime", "1"}})};
    BOOST_CHECK_EXCEPTION(cell(over, "talktime_sum"), core::StoreFailure, is_broken);
}

BOOST_AUTO_TEST_SUITE_END()
