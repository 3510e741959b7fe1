#include "core/packed_rows.hpp"

#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/failure.hpp"

namespace {

/// A result of text columns, whose last one is `sums`.
class Result final : public core::Rows {
  public:
    Result(std::vector<std::string> names, std::vector<std::string> sums)
        : names_{std::move(names)}, sums_{std::move(sums)} {}

    int size() const override { return static_cast<int>(sums_.size()); }
    int columns() const override { return static_cast<int>(names_.size()); }
    std::string_view name(int column) const override { return names_.at(static_cast<std::size_t>(column)); }
    bool is_null(int row, int column) const override { return *value(row, column) == '\0'; }
    const char* value(int row, int column) const override {
        return name(column) == "sums" ? sums_.at(static_cast<std::size_t>(row)).c_str() : "";
    }

  private:
    std::vector<std::string> names_;
    std::vector<std::string> sums_;
};

std::unique_ptr<const core::Rows> unpacked(std::vector<std::string> names, std::vector<std::string> sums) {
    return core::unpacked(std::make_unique<const Result>(std::move(names), std::move(sums)));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(packed_rows)

BOOST_AUTO_TEST_CASE(records_become_rows) {
    const auto rows = unpacked({"destination", "dtype", "removed", "sums"},
                               {R"x(rows(101,phone,f,)(102,"a,b\\c ""x"")(",t,)(,,,"(answered,x)")(101,"",,"(3,)"))x"});
    BOOST_TEST(rows->size() == 4);
    BOOST_TEST(rows->columns() == 4);
    BOOST_TEST(rows->column("dtype") == 1);
    BOOST_TEST(rows->integer(0, 0) == 101);
    BOOST_TEST(rows->text(0, 1) == "phone");
    BOOST_TEST(!rows->boolean(0, 2));
    BOOST_TEST(rows->is_null(0, 3));
    BOOST_TEST(rows->text(0, 3) == "");
    BOOST_TEST(rows->integer(1, 0) == 102);
    BOOST_TEST(rows->text(1, 1) == R"x(a,b\c "x")()x");
    BOOST_TEST(rows->boolean(1, 2));
    BOOST_TEST(!rows->optional_integer(2, 0).has_value());
    BOOST_TEST(rows->text(2, 3) == "(answered,x)");
    BOOST_TEST(!rows->is_null(3, 1));
    BOOST_TEST(rows->text(3, 1) == "");
    BOOST_TEST(rows->text(3, 3) == "(3,)");
}

BOOST_AUTO_TEST_CASE(other_rows_stay_as_they_are) {
    const auto two = unpacked({"destination", "sums"}, {"(answered)", "(3)"});
    BOOST_TEST(two->size() == 2);
    BOOST_TEST(two->text(1, 1) == "(3)");
    BOOST_TEST(unpacked({"destination", "sums"}, {})->size() == 0);
    BOOST_TEST(unpacked({"destination", "sums"}, {""})->size() == 1);
    BOOST_TEST(unpacked({"destination", "sums"}, {"(answered,x)"})->text(0, 1) == "(answered,x)");
    BOOST_TEST(unpacked({"id", "name"}, {"rows(1,2)"})->text(0, 1) == "");
}

BOOST_AUTO_TEST_CASE(what_is_no_record_is_refused) {
    for (const char* text : {"x", "(", "(1", "(1,", "(1,2", "(1)", "(1,2,3)", "(1,2)x", "(1,2)(", R"x((1,"2))x",
                             R"x((1,"2)x", "(1,2),(1,2)"})
        BOOST_CHECK_THROW(unpacked({"destination", "sums"}, {std::string{"rows"} + text}), core::StoreFailure);
}

BOOST_AUTO_TEST_SUITE_END()
