#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/rows.hpp"
#include "core/table.hpp"

/// The figures of a statistics function, by name: which there are, in the order of the API, and how each follows from
/// the columns of the database's rows. A new figure is a line in the list, its column in SQL, and its line in README.
namespace core {

/// One figure of an answer.
struct Figure {
    enum class Kind {
        kCount,    ///< of calls: the column, an integer
        kOutcome,  ///< a kCount of calls that ended in one way. Outcomes are disjoint and complete
        kTotal,    ///< of all calls: the sum of the kOutcome figures. Without a column
        kSum,      ///< of seconds: the column, an integer; 0 when there is nothing to add
        kExtreme,  ///< the least or greatest, first or last: the column, null when there is nothing to measure
        kAverage,  ///< the column, a sum / the column `known`, in hundredths; null when none is known
    };

    std::string_view name;  ///< in the API
    Kind kind;
    std::string_view column{};  ///< of the rows
    std::string_view known{};   ///< of the rows, for kAverage: over how many calls the sum is
};

/// Of offers, over queue_destination_calls: contract of queues/destinations/statistics/get.
std::span<const Figure> offer_figures();

/// Appends the figures' names.
void append_names(std::vector<std::string_view>& columns, std::span<const Figure> figures);

/// Reads figures from rows. Where each column stands is looked up once for all rows of a result.
class FigureReader {
  public:
    /// rows outlives this object. Throws StoreFailure (broken) when a column is missing.
    FigureReader(const Rows& rows, std::span<const Figure> figures);

    /// Adds a cell per figure. A null of a count or sum is a 0. Throws StoreFailure (broken) for what is not an
    /// integer.
    void add_cells(int row, Answer& answer);

  private:
    struct Source {
        Figure::Kind kind;
        std::size_t column = 0;  ///< in columns_
        std::size_t known = 0;   ///< in columns_, of an average
    };

    std::size_t position(std::string_view name);

    const Rows& rows_;
    std::vector<Source> sources_;
    std::vector<std::string_view> names_;              ///< of the columns, each once, however many figures need it
    std::vector<int> columns_;                         ///< their numbers
    std::vector<std::optional<std::int64_t>> values_;  ///< theirs in the row at hand
};

/// sum / known in hundredths, rounded half up, exact for every sum and count (no floating point): 37 / 3 is 1233.
/// Precondition: known > 0 and 0 <= sum. The result fits: min <= average <= max <= 2^31-1 seconds for stored calls;
/// a result over 2^63-1 hundredths asserts.
std::int64_t average_in_hundredths(std::int64_t sum, std::int64_t known);

}  // namespace core
