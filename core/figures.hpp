#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/rows.hpp"
#include "core/series.hpp"
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
        kApart,    ///< likewise, of calls that count in no other figure, not even in kTotal
        kFlag,     ///< for how many calls the boolean column `of` is true
        kSum,      ///< of the column `of`, an integer, over all calls in which it is not null; 0 when there are none
        kMin,      ///< likewise; null when there are none
        kMax,      ///< likewise; null when there are none
        kAverage,  ///< likewise, in hundredths: that sum / the number of those calls; null when there are none
        kWithin,   ///< for how many calls the column `of` is at most `seconds`
        /// What kWithin counts, in hundredths of a percent of all calls but those of outside_levels; null when there
        /// are no such calls.
        kServiceLevel,
    };

    std::string_view name;  ///< the key in the API
    Kind kind;
    std::string_view of{};
    /// The name of the same figure in a row of sums; for kAverage that of the number of calls, while its sum is that of
    /// the kSum figure of the same `of` and `when`, which the list must have. kTotal and kServiceLevel have none. For
    /// kWithin that of the bin which ends at `seconds`: WHEN_SECONDS, as "answered_20". A call is in one bin at most.
    std::string_view sums{};
    std::string_view when{};      ///< only calls of this outcome count, whose figure stands before; empty: all calls
    std::int64_t seconds = 0;     ///< the limit of kWithin and kServiceLevel
    bool outside_levels = false;  ///< kServiceLevel leaves out the calls that this figure counts
    // Where the figure stands in an answer, as in Column.
    const Item* item = nullptr;
    std::string_view item_key{};
};

/// The figures of offers, over the table queue_destination_calls: those of queues/destinations/statistics/get.
std::span<const Figure> offer_figures();

/// The seconds within which callers can be counted as answered or abandoned, ascending. Sums have a bin for each.
std::span<const std::int64_t> wait_limits();

/// The figures of callers, over the table queue_calls: those of queues/statistics/get. short_abandon: within how many
/// seconds a caller who abandoned counts in calls_abandoned_short, one of wait_limits() or 0; nullopt: no such figure.
/// levels: the seconds of service_levels, different ones of wait_limits(), in the order of the answer.
std::vector<Figure> caller_figures(std::optional<std::int64_t> short_abandon, std::span<const std::int64_t> levels);

/// Appends the columns of the figures to those of an answer.
void append_columns(std::vector<Column>& columns, std::span<const Figure> figures);

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

    /// The row of series in which a row of the database counts: series.rows() when it counts in none, nullopt when it
    /// is neither a call nor sums. time: the number of the column with the time of a call. Throws StoreFailure (broken)
    /// when sums do not tell their period.
    std::optional<std::size_t> row_of(int row, int time, const Series& series) const;

    /// Makes another group, and returns its number.
    std::size_t add_group();

    /// Whether nothing was added to a group, not even a call of kApart.
    bool is_empty(std::size_t group) const;

    /// The number of calls added to a group, without those of kApart.
    std::int64_t calls(std::size_t group) const;

    /// Adds one cell per figure of the group to answer.
    void add_cells(std::size_t group, Answer& answer) const;

    /// The cell of one figure.
    Cell cell(std::string_view figure, std::size_t group) const;

  private:
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    /// A column that is measured of all calls or of those of one outcome, and the figures that it goes to. A figure is
    /// its number in figures_, or kNone.
    struct Measured {
        std::string_view name;
        std::string_view when;
        int column;
        std::size_t outcome = kNone;  ///< the figure that counts the outcome `when`
        std::size_t sum = kNone;
        std::size_t min = kNone;
        std::size_t max = kNone;
        std::size_t average = kNone;
        std::vector<std::size_t> within{};  ///< the kWithin figures
    };
    struct Flag {
        int column;
        std::size_t figure;
    };

    Measured& measured(const Figure& figure);
    std::size_t narrowest(const Measured& measured, std::int64_t seconds) const;
    std::size_t figure_of_bin(std::string_view field) const;
    std::int64_t count_within(const Figure& figure, const std::int64_t* values) const;
    Cell cell(std::size_t figure, std::size_t group) const;
    Cell service_level(const Figure& figure, std::size_t group) const;
    std::int64_t* values(std::size_t group) { return values_.data() + group * figures_.size(); }
    void put(std::int64_t number, std::size_t figure, std::int64_t* values) const;
    void add_call(int row, std::int64_t* values) const;
    void add_sums(int row, std::int64_t* values) const;

    const Rows& rows_;
    std::span<const Figure> figures_;
    int outcome_;  ///< numbers of columns
    int sums_;
    std::vector<std::size_t> outcomes_;  ///< the figures that count an outcome, kApart too
    std::vector<Flag> flags_;
    std::vector<Measured> measured_;
    std::vector<std::size_t> fields_;    ///< the figure of each field of a row of sums, or kNone
    std::vector<std::int64_t> nothing_;  ///< the values of a group to which nothing was added
    /// What was added up, per group and figure; of an average, the number of calls that it is of. A call counts in one
    /// kWithin figure of a column, the narrowest, so that adding it costs the same however many there are.
    std::vector<std::int64_t> values_;
};

/// sum / known in hundredths, rounded half up: 37 / 3 is 1233. Exact for every sum and count, because it uses no
/// floating point. Precondition: known > 0 and sum >= 0. Asserts when the result is over 2^63-1 hundredths. Stored
/// calls never reach that bound: their average is at most their maximum, which is at most 2^31-1 seconds.
std::int64_t average_in_hundredths(std::int64_t sum, std::int64_t known);

/// part / whole as a percentage, likewise: 1 of 3 is 3333. Precondition: 0 <= part and 0 < whole.
std::int64_t percentage_in_hundredths(std::int64_t part, std::int64_t whole);

}  // namespace core
