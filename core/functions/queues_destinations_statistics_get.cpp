/// The figures of offers: to one destination, or to each destination of a queue.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
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

/// rows: none when the destination is absent or the person may not see it; otherwise exactly one.
Result<Answer> answer_destination(const Question& question, const Rows& rows) {
    if (rows.size() == 0) return no_such_queue(question.key);
    std::vector<std::string_view> columns;
    append_names(columns, offer_figures());
    Answer answer{Answer::Shape::kObject, std::move(columns)};
    answer.reserve(1);
    FigureReader{rows, offer_figures()}.add_cells(0, answer);
    return answer;
}

/// rows: none when the queue is absent or the person may not see it. One with a null destination for a queue without
/// destinations.
Result<Answer> answer_queue(const Question& question, const Rows& rows) {
    if (rows.size() == 0) return no_such_queue(question.key);
    std::vector<std::string_view> columns{"dtype", "dnumber", "destination"};
    append_names(columns, offer_figures());
    Answer answer{Answer::Shape::kArray, std::move(columns)};
    const int destination = rows.column("destination");
    if (rows.is_null(0, destination)) return answer;
    const int dtype = rows.column("dtype");
    const int dnumber = rows.column("dnumber");
    FigureReader figures{rows, offer_figures()};
    answer.reserve(static_cast<std::size_t>(rows.size()));
    for (int row = 0; row < rows.size(); ++row) {
        answer.add(rows.text(row, dtype));
        answer.add(rows.text(row, dnumber));
        answer.add(rows.integer(row, destination));
        figures.add_cells(row, answer);
    }
    return answer;
}

Result<Question> ask(const Parameters& parameters) {
    Refusals refusals;
    Question question{};
    std::int64_t id = 0;
    const bool destination = is_id_given(parameters, "destination");
    const bool queue = is_id_given(parameters, "queue");
    if (destination && queue) {
        refusals.push_back(kBoth);
    } else if (!destination && !queue) {
        refusals.push_back(kNeither);
    } else {
        question = destination ? Question{"destination_statistics", {}, "destination", answer_destination}
                               : Question{"queue_statistics", {}, "queue", answer_queue};
        id = read_id(parameters, question.key, refusals);
    }
    const Period period = read_period(parameters, refusals);
    if (!refusals.empty()) return refusals;
    question.arguments = {std::to_string(id), std::to_string(period.start), std::to_string(period.end)};
    return question;
}

}  // namespace

Function queues_destinations_statistics_get() {
    return {"queues/destinations/statistics/get", kParameters, kAlso, ask};
}

}  // namespace core::functions
