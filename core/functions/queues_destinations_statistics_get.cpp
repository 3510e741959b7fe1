/// The figures of offers: to one destination, or to each destination of a queue.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "core/figures.hpp"
#include "core/functions.hpp"
#include "core/period.hpp"

namespace core::functions {
namespace {

constexpr std::array<std::string_view, 4> kParameters{"destination", "queue", "start", "end"};
constexpr Invalid kBoth{"destination", "Specify destination or queue, but not both."};
constexpr Invalid kNeither{"destination", "Specify destination or queue."};
constexpr std::array kAlso{kBoth, kNeither, kStartAfterEnd};

/// A destination of a queue.
struct Destination {
    std::int64_t id;
    std::string_view dtype;
    std::string_view dnumber;
    bool removed;
};

/// The destinations that rows name, in the order of the answer.
std::vector<Destination> destinations_of(const Rows& rows) {
    const int id = rows.column("destination");
    const int dtype = rows.column("dtype");
    const int dnumber = rows.column("dnumber");
    const int removed = rows.column("removed");
    std::vector<Destination> found;
    found.reserve(static_cast<std::size_t>(rows.size()));
    for (int row = 0; row < rows.size(); ++row)
        if (!rows.is_null(row, dtype))
            found.push_back(
                {rows.integer(row, id), rows.text(row, dtype), rows.text(row, dnumber), rows.boolean(row, removed)});
    const auto key = [](const Destination& destination) { return std::tie(destination.dtype, destination.dnumber); };
    if (!std::ranges::is_sorted(found, {}, key)) std::ranges::sort(found, {}, key);  // an index has mostly sorted them
    return found;
}

/// Finds the number of a destination by its id.
class Numbers {
  public:
    explicit Numbers(const std::vector<Destination>& destinations) {
        by_id_.reserve(destinations.size());
        for (const Destination& destination : destinations) by_id_.emplace_back(destination.id, by_id_.size());
        std::ranges::sort(by_id_);
    }

    /// nullopt when no row names that destination, as after a deletion with triggers switched off.
    std::optional<std::size_t> of(std::int64_t id) const {
        const auto found = std::ranges::lower_bound(by_id_, id, {}, &std::pair<std::int64_t, std::size_t>::first);
        if (found == by_id_.end() || found->first != id) return std::nullopt;
        return found->second;
    }

  private:
    std::vector<std::pair<std::int64_t, std::size_t>> by_id_;
};

/// Adds up the rows of offers() (sql/migrations). group_of: the group of the destination in that row and column, if
/// any.
void add_up(const Rows& rows, FigureAdder& figures, const auto& group_of) {
    const int destination = rows.column("destination");
    const int dtype = rows.column("dtype");
    for (int row = 0; row < rows.size(); ++row) {
        if (rows.is_null(row, destination)) {
            figures.name_sums(row);
        } else if (rows.is_null(row, dtype)) {
            if (const std::optional<std::size_t> group = group_of(row, destination)) figures.add(row, *group);
        }
    }
}

/// rows: those of sql/queries/destination_statistics.sql.
Result<Answer> answer_destination(const Question& question, const Rows& rows) {
    if (rows.size() == 0) return no_such_queue(question.key);
    FigureAdder figures{rows, offer_figures(), 1};
    add_up(rows, figures, [](int, int) { return std::size_t{0}; });
    std::vector<Column> columns;
    append_columns(columns, offer_figures());
    Answer answer{Answer::Shape::kObject, std::move(columns)};
    answer.reserve(1);
    figures.add_cells(0, answer);
    return answer;
}

/// rows: those of sql/queries/queue_statistics.sql.
Result<Answer> answer_queue(const Question& question, const Rows& rows) {
    if (rows.size() == 0) return no_such_queue(question.key);
    const std::vector<Destination> destinations = destinations_of(rows);
    const Numbers numbers{destinations};
    FigureAdder figures{rows, offer_figures(), destinations.size()};
    add_up(rows, figures, [&](int row, int column) { return numbers.of(rows.integer(row, column)); });

    std::vector<Column> columns{{"dtype"}, {"dnumber"}, {"destination"}};
    append_columns(columns, offer_figures());
    Answer answer{Answer::Shape::kArray, std::move(columns)};
    answer.reserve(destinations.size());
    for (std::size_t i = 0; i < destinations.size(); ++i) {
        if (destinations[i].removed && figures.calls(i) == 0) continue;
        answer.add(destinations[i].dtype);
        answer.add(destinations[i].dnumber);
        answer.add(destinations[i].id);
        figures.add_cells(i, answer);
    }
    return answer;
}

Result<Question> ask(const Parameters& parameters) {
    Refusals refusals;
    const auto [key, id] = read_either_id(parameters, "destination", "queue", kBoth, kNeither, refusals);
    const Period period = read_period(parameters, refusals);
    if (!refusals.empty()) return refusals;
    const bool is_queue = key == "queue";
    return Question{is_queue ? "queue_statistics" : "destination_statistics",
                    {std::to_string(id), edges_of(period)},
                    key,
                    is_queue ? answer_queue : answer_destination};
}

}  // namespace

Function queues_destinations_statistics_get() {
    return {"queues/destinations/statistics/get", kParameters, kAlso, ask};
}

}  // namespace core::functions
