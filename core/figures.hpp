#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/rows.hpp"
#include "core/table.hpp"

/// The figures of a statistics function: their names in the order of the API, and how to compute each figure from the
/// columns of the database's rows. A new figure takes a line in the list, a column in SQL and a line in README.
namespace core {

/// How one figure of an answer is computed.
struct Figure {
    enum class Kind {
        kCount,    ///< how many calls: the column, an integer, a null counts as 0
        kOutcome,  ///< as kCount, of the calls that ended in one way; every call has exactly one outcome
        kTotal,    ///< how many calls in all: the sum of the kOutcome figures; has no column
        kSum,      ///< seconds: the column, an integer, a null counts as 0
        kExtreme,  ///< a minimum, maximum, first or last: the column, null when nothing was measured
        kAverage,  ///< seconds: column / known, in hundredths; null when known is 0 or null
    };

    std::string_view name;  ///< the key in the API
    Kind kind;
    std::string_view column{};  ///< the name of the rows' column; for kAverage that of the sum
    std::string_view known{};   ///< for kAverage the name of the column that says how many calls the sum is of
};

/// The figures of offers, over the table queue_destination_calls: those of queues/destinations/statistics/get.
std::span<const Figure> offer_figures();

/// Appends the names of the figures to the names of an answer's columns.
void append_names(std::vector<std::string_view>& columns, std::span<const Figure> figures);

/// Computes figures from rows. Looks up the number of each column once for all rows of a result.
class FigureReader {
  public:
    /// rows must outlive this object. Throws StoreFailure (broken) when a column is missing.
    FigureReader(const Rows& rows, std::span<const Figure> figures);

    /// Adds one cell per figure to answer, from this row. Throws StoreFailure (broken) when a value is not an integer.
    void add_cells(int row, Answer& answer);

  private:
    struct Source {
        Figure::Kind kind;
        std::size_t column = 0;  ///< an index of columns_
        std::size_t known = 0;   ///< an index of columns_, for an average
    };

    std::size_t position(std::string_view name);

    const Rows& rows_;
    std::vector<Source> sources_;
    std::vector<std::string_view> names_;              ///< of the columns, each once, however many figures need it
    std::vector<int> columns_;                         ///< the numbers of the same columns
    std::vector<std::optional<std::int64_t>> values_;  ///< the values of the same columns in the row at hand
};

/// sum / known in hundredths, rounded half up: 37 / 3 is 1233. Exact for every sum and count, because it uses no
/// floating point. Precondition: known > 0 and sum >= 0. Asserts when the result is over 2^63-1 hundredths. Stored
/// calls never reach that bound: their average is at most their maximum, which is at most 2^31-1 seconds.
std::int64_t average_in_hundredths(std::int64_t sum, std::int64_t known);

}  // namespace core
