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
core::Cell cell(std::vector<Row> rows, std::string_view name) {
    std::vector<std::string_view> names;
    core::append_names(names, core::offer_figures());
    const auto position = static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
    BOOST_REQUIRE(position < names.size());
    core::Answer answer{core::Answer::Shape::kObject, names};
    const FakeRows fake{std::move(rows)};
    core::FigureAdder figures{fake, core::offer_figures(), 1};
    for (int row = 0; row < fake.size(); ++row) {
        if (fake.is_null(row, 0))
            figures.name_sums(row);
        else
            figures.add(row, 0);
    }
    figures.add_cells(0, answer);
    return answer.row(0)[position];
}

/// The integer of that figure; nullopt for null.
std::optional<std::int64_t> number(std::vector<Row> rows, std::string_view name) {
    const core::Cell found = cell(std::move(rows), name);
    return found.kind == core::Cell::Kind::kNull ? std::nullopt : std::optional{found.number};
}

Row call(std::string outcome, Row times = {}) {
    times.insert({{"destination", "1"}, {"outcome", std::move(outcome)}, {"start", "1000"}, {"in_progress", "f"}});
    return times;
}

std::vector<Row> summed(const Row& sums) { return {FakeRows::names(), FakeRows::sums("1", sums)}; }

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

BOOST_AUTO_TEST_CASE(sums_are_exact_to_the_last_and_over_it_a_failure) {
    const Row most{{"talktime_known", "9223372036854775806"}, {"talktime_sum", "9223372036854775807"}};
    BOOST_TEST(number(summed(most), "talktime_sum").value() == 9223372036854775807);
    const std::vector<Row> over{FakeRows::names(), FakeRows::sums("1", most), call("answered", {{"talktime", "1"}})};
    BOOST_CHECK_EXCEPTION(cell(over, "talktime_sum"), core::StoreFailure, is_broken);
}

BOOST_AUTO_TEST_SUITE_END()
