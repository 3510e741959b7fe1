/// The figures of callers who entered a queue.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/figures.hpp"
#include "core/functions.hpp"
#include "core/period.hpp"
#include "core/series.hpp"
#include "core/text.hpp"

namespace core::functions {
namespace {

constexpr std::array<std::string_view, 9> kParameters{"queue",         "id",       "start",    "end",   "service_level",
                                                      "short_abandon", "interval", "timezone", "format"};
constexpr Invalid kBoth{"queue", "Specify queue or id, but not both."};
constexpr Invalid kNeither{"queue", "The queue is invalid."};
constexpr std::array kAlso{kBoth, kNeither, kStartAfterEnd, kIntervalTooShort};

constexpr std::size_t kMostLevels = 5;
constexpr Limits kLimits{.most_buckets = 1000, .has_profiles = true};

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

/// What a client asked for.
struct Asked {
    std::string_view key;
    std::int64_t id;
    std::vector<Figure> figures;
    Cut cut;
};
using AskedPointer = std::shared_ptr<const Asked>;

Question statistics(const AskedPointer& asked, Series series);

Answer answer_without_rows(const Asked& asked, const Series& series) {
    std::vector<Column> columns;
    series.append_columns(columns, asked.cut.is_csv);
    append_columns(columns, asked.figures);
    Answer answer{series.is_whole() ? Answer::Shape::kObject : Answer::Shape::kArray, std::move(columns)};
    answer.reserve(series.rows());
    if (asked.cut.is_csv) answer.name_file(asked.cut.file_name("callers-queue", asked.id));
    return answer;
}

/// rows: those of sql/queries/caller_span.sql.
Result<Reply> answer_span(const AskedPointer& asked, const Rows& rows) {
    if (rows.size() == 0) return no_such_queue(asked->key);
    Result<Series> series = asked->cut.series_between(rows.optional_integer(0, rows.column("first")),
                                                      rows.optional_integer(0, rows.column("last")));
    if (!series) return series.refusals();
    if (series->rows() == 0) return Reply{answer_without_rows(*asked, *series)};
    return Reply{statistics(asked, *std::move(series))};
}

/// Asks from when until when there are callers.
Question span(const AskedPointer& asked) {
    const Period& period = asked->cut.period;
    return {"caller_span",
            {std::to_string(asked->id), std::to_string(period.start), std::to_string(period.end)},
            asked->key,
            [asked](const Question&, const Rows& rows) { return answer_span(asked, rows); }};
}

/// rows: those of sql/queries/caller_statistics.sql.
Result<Reply> answer_statistics(const AskedPointer& asked, const Series& series, const Rows& rows) {
    if (rows.size() == 0) return no_such_queue(asked->key);
    const std::size_t in_no_row = series.rows();
    FigureAdder figures{rows, asked->figures, series.rows() + 1};
    const int names = rows.column("names");
    const int entered = rows.column("entered");
    for (int row = 0; row < rows.size(); ++row) {
        if (rows.boolean(row, names))
            figures.name_sums(row);
        else if (const std::optional<std::size_t> group = figures.row_of(row, entered, series))
            figures.add(row, *group);
    }
    if (!figures.is_empty(in_no_row)) return Reply{span(asked)};  // somebody has entered since span() was answered
    Answer answer = answer_without_rows(*asked, series);
    for (std::size_t row = 0; row < series.rows(); ++row) {
        series.add_cells(row, asked->cut.is_csv, answer);
        figures.add_cells(row, answer);
    }
    return Reply{std::move(answer)};
}

Question statistics(const AskedPointer& asked, Series series) {
    std::vector<std::optional<std::string>> arguments{std::to_string(asked->id), series.edges(), series.labels()};
    return {"caller_statistics", std::move(arguments), asked->key,
            [asked, series = std::move(series)](const Question&, const Rows& rows) {
                return answer_statistics(asked, series, rows);
            }};
}

Result<Question> ask(const Parameters& parameters) {
    Refusals refusals;
    const auto [key, id] = read_either_id(parameters, "queue", "id", kBoth, kNeither, refusals);
    const Period period = read_period(parameters, refusals);
    const std::vector<std::int64_t> levels = read_levels(parameters, refusals);
    const std::optional<std::int64_t> short_abandon = read_short_abandon(parameters, refusals);
    Cut cut = read_cut(parameters, period, kLimits, refusals);
    if (!refusals.empty()) return refusals;
    std::optional<Series> series = std::move(cut.series);
    const auto asked =
        std::make_shared<const Asked>(Asked{key, id, caller_figures(short_abandon, levels), std::move(cut)});
    return series ? statistics(asked, *std::move(series)) : span(asked);
}

}  // namespace

Function queues_statistics_get() { return {"queues/statistics/get", kParameters, kAlso, ask}; }

}  // namespace core::functions
