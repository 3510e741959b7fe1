#include "core/figures.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <limits>

#include "core/failure.hpp"
#include "tests/unit/fake_rows.hpp"

using core::average_in_hundredths;

namespace {

/// The cell of one figure of a row.
core::Cell cell(FakeRows::Row row, std::string_view name) {
    std::vector<std::string_view> names;
    core::append_names(names, core::offer_figures());
    const auto position = static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
    core::Answer answer{core::Answer::Shape::kObject, names};
    const FakeRows rows{{std::move(row)}};
    core::FigureReader{rows, core::offer_figures()}.add_cells(0, answer);
    BOOST_REQUIRE(position < names.size());
    return answer.row(0)[position];
}

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
    BOOST_TEST(cell({{"answered", "1"},
                     {"in_progress", "1"},
                     {"no_answer", "10"},
                     {"busy", "100"},
                     {"cancelled", "1000"},
                     {"answered_elsewhere", "10000"},
                     {"failed", "100000"}},
                    "calls")
                   .number == 111111);
}

BOOST_AUTO_TEST_CASE(without_calls_counts_and_sums_are_zero_and_all_else_is_null) {
    for (const core::Figure& figure : core::offer_figures()) {
        const core::Cell none = cell({}, figure.name);
        const bool is_null = figure.kind == core::Figure::Kind::kExtreme || figure.kind == core::Figure::Kind::kAverage;
        BOOST_TEST((none.kind == (is_null ? core::Cell::Kind::kNull : core::Cell::Kind::kInteger)), figure.name);
        BOOST_TEST(none.number == 0, figure.name);
    }
}

BOOST_AUTO_TEST_CASE(a_missing_column_or_what_is_not_an_integer_is_a_broken_database) {
    const auto is_broken = [](const core::StoreFailure& failure) {
        return failure.kind() == core::StoreFailure::Kind::kBroken;
    };
    const FakeRows rows{{{{"answered", "many"}}}};
    const std::array absent{core::Figure{"calls_absent", core::Figure::Kind::kCount, "absent"}};
    BOOST_CHECK_EXCEPTION((core::FigureReader{rows, absent}), core::StoreFailure, is_broken);
    BOOST_CHECK_EXCEPTION(cell({{"answered", "many"}}, "calls_answered"), core::StoreFailure, is_broken);
}

BOOST_AUTO_TEST_SUITE_END()
