#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/rows.hpp"
#include "core/table.hpp"

/// The figures of a statistics function: their names in the order of the API, and how to add them up from the rows of
/// the database, which are calls and sums of calls. A new figure takes a line in the list, a column of sums in SQL and
/// a line in README.
namespace core {

/// How one figure of an answer is computed.
struct Figure {
    enum class Kind {
        kTotal,    ///< how many calls in all: the sum of the kOutcome figures, as every call has exactly one outcome
        kOutcome,  ///< how many calls have the value `of` in the column `outcome`
        kFlag,     ///< for how many calls the boolean column `of` is true
        kSum,      ///< of the column `of`, an integer, over all calls in which it is not null; 0 when there are none
        kMin,      ///< likewise; null when there are none
        kMax,      ///< likewise; null when there are none
        kAverage,  ///< likewise, in hundredths: that sum / the number of those calls; null when there are none
    };

    std::string_view name;  ///< the key in the API
    Kind kind;
    std::string_view of{};
    /// The name of the same figure in a row of sums; for kAverage that of the number of calls, while its sum is that of
    /// the kSum figure of the same `of`, which the list must have. kTotal has none.
    std::string_view sums{};
};

/// The figures of offers, over the table queue_destination_calls: those of queues/destinations/statistics/get.
std::span<const Figure> offer_figures();

/// Appends the names of the figures to the names of an answer's columns.
void append_names(std::vector<std::string_view>& columns, std::span<const Figure> figures);

/// Adds up figures from rows that have the columns of a call, and `sums`: the text form of a record. A row is a call
/// where `outcome` is not null, and sums where `sums` is not null. The names of the record's fields come in a row
/// before, in the same form. Other rows add nothing.
class FigureAdder {
  public:
    /// Prepares to add up apart for that many groups. figures must outlive this object. Throws StoreFailure (broken)
    /// when a column is missing.
    FigureAdder(const Rows& rows, std::span<const Figure> figures, std::size_t groups);

    /// Learns the names of the sums that follow, if the row has any. Throws StoreFailure (broken) when one is missing.
    void name_sums(int row);

    /// Adds a call or sums to a group. Throws StoreFailure (broken) when the row cannot be understood, or a sum is over
    /// 2^63-1.
    void add(int row, std::size_t group);

    /// The number of calls added to a group.
    std::int64_t calls(std::size_t group) const;

    /// Adds one cell per figure of the group to answer.
    void add_cells(std::size_t group, Answer& answer) const;

  private:
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    /// A column of calls that is measured, and the figures that it goes to, as numbers of figures_ or kNone.
    struct Measured {
        std::string_view name;
        int column;
        std::size_t sum = kNone;
        std::size_t min = kNone;
        std::size_t max = kNone;
        std::size_t average = kNone;
    };
    struct Flag {
        int column;
        std::size_t figure;
    };

    Measured& measured(std::string_view name);
    std::int64_t* values(std::size_t group) { return values_.data() + group * figures_.size(); }
    void put(std::int64_t number, std::size_t figure, std::int64_t* values) const;
    void add_call(int row, std::int64_t* values) const;
    void add_sums(int row, std::int64_t* values) const;

    const Rows& rows_;
    std::span<const Figure> figures_;
    int outcome_;  ///< numbers of columns
    int sums_;
    std::vector<std::size_t> outcomes_;  ///< the figures that count an outcome
    std::vector<Flag> flags_;
    std::vector<Measured> measured_;
    std::vector<std::size_t> fields_;  ///< the figure of each field of a row of sums, or kNone
    /// What was added up, per group and figure; of an average, the number of calls that it is of.
    std::vector<std::int64_t> values_;
};

/// sum / known in hundredths, rounded half up: 37 / 3 is 1233. Exact for every sum and count, because it uses no
/// floating point. Precondition: known > 0 and sum >= 0. Asserts when the result is over 2^63-1 hundredths. Stored
/// calls never reach that bound: their average is at most their maximum, which is at most 2^31-1 seconds.
std::int64_t average_in_hundredths(std::int64_t sum, std::int64_t known);

}  // namespace core
