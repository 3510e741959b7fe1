/// The figures of callers who entered a queue.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/figures.hpp"
#include "core/functions.hpp"
#include "core/period.hpp"
#include "core/text.hpp"

namespace core::functions {
namespace {

constexpr std::array<std::string_view, 6> kParameters{"queue", "id", "start", "end", "service_level", "short_abandon"};
constexpr Invalid kBoth{"queue", "Specify queue or id, but not both."};
constexpr Invalid kNeither{"queue", "The queue is invalid."};
constexpr std::array kAlso{kBoth, kNeither, kStartAfterEnd};

constexpr std::size_t kMostLevels = 5;

/// The limit of waits that text writes, if any.
std::optional<std::int64_t> wait_limit(std::string_view text) {
    const auto seconds = whole_number(text, std::numeric_limits<std::int64_t>::max());
    const auto limits = wait_limits();
    return seconds && std::ranges::find(limits, *seconds) != limits.end() ? seconds : std::nullopt;
}

/// The limits of `service_level`, such as "20,60", in their order.
std::vector<std::int64_t> read_levels(const Parameters& parameters, Refusals& refusals) {
    std::vector<std::int64_t> levels;
    if (!is_given(parameters, "service_level")) return levels;
    std::string_view rest = *parameters.find("service_level");
    while (true) {
        const std::size_t comma = rest.find(',');
        const auto seconds = wait_limit(rest.substr(0, comma));
        if (!seconds || levels.size() == kMostLevels || std::ranges::find(levels, *seconds) != levels.end()) {
            refusals.push_back(invalid("service_level"));
            return {};
        }
        levels.push_back(*seconds);
        if (comma == rest.npos) return levels;
        rest.remove_prefix(comma + 1);
    }
}

std::optional<std::int64_t> read_short_abandon(const Parameters& parameters, Refusals& refusals) {
    if (!is_given(parameters, "short_abandon")) return std::nullopt;
    const std::string& text = *parameters.find("short_abandon");
    const auto seconds = whole_number(text, 0) ? 0 : wait_limit(text);
    if (!seconds) refusals.push_back(invalid("short_abandon"));
    return seconds;
}

/// rows: those of sql/queries/caller_statistics.sql.
Result<Answer> answer_queue(std::span<const Figure> figures, const Question& question, const Rows& rows) {
    if (rows.size() == 0) return no_such_queue(question.key);
    FigureAdder adder{rows, figures, 1};
    const int names = rows.column("names");
    for (int row = 0; row < rows.size(); ++row) {
        if (rows.boolean(row, names))
            adder.name_sums(row);
        else
            adder.add(row, 0);
    }
    std::vector<Column> columns;
    append_columns(columns, figures);
    Answer answer{Answer::Shape::kObject, std::move(columns)};
    answer.reserve(1);
    adder.add_cells(0, answer);
    return answer;
}

Result<Question> ask(const Parameters& parameters) {
    Refusals refusals;
    const auto [key, id] = read_either_id(parameters, "queue", "id", kBoth, kNeither, refusals);
    const Period period = read_period(parameters, refusals);
    const std::vector<std::int64_t> levels = read_levels(parameters, refusals);
    const std::optional<std::int64_t> short_abandon = read_short_abandon(parameters, refusals);
    if (!refusals.empty()) return refusals;
    return Question{"caller_statistics",
                    {std::to_string(id), edges_of(period)},
                    key,
                    [figures = caller_figures(short_abandon, levels)](const Question& question, const Rows& rows) {
                        return answer_queue(figures, question, rows);
                    }};
}

}  // namespace

Function queues_statistics_get() { return {"queues/statistics/get", kParameters, kAlso, ask}; }

}  // namespace core::functions
