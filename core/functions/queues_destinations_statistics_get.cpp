/// The figures of offers: to one destination, or to each destination of a queue.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "core/figures.hpp"
#include "core/functions.hpp"
#include "core/period.hpp"
#include "core/series.hpp"

namespace core::functions {
namespace {

constexpr std::array<std::string_view, 7> kParameters{"destination", "queue",    "start", "end",
                                                      "interval",    "timezone", "format"};
constexpr Invalid kBoth{"destination", "Specify destination or queue, but not both."};
constexpr Invalid kNeither{"destination", "Specify destination or queue."};
constexpr std::array kAlso{kBoth, kNeither, kStartAfterEnd, kIntervalTooShort};

constexpr Limits kLimits{.most_buckets = 1000, .has_profiles = true};
constexpr Limits kLimitsOfQueue{.most_buckets = 100, .has_profiles = false};

/// What a client asked for.
struct Asked {
    std::string_view key;
    std::int64_t id;
    Cut cut;

    bool is_queue() const { return key == "queue"; }
};
using AskedPointer = std::shared_ptr<const Asked>;

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

/// Adds up the rows of offers() (sql/migrations). group_of: the group of a row of calls or sums, by its row of the
/// series; nullopt: it is left out.
void add_up(const Rows& rows, const Series& series, FigureAdder& figures, const auto& group_of) {
    const int destination = rows.column("destination");
    const int dtype = rows.column("dtype");
    const int start = rows.column("start");
    for (int row = 0; row < rows.size(); ++row) {
        if (rows.is_null(row, destination)) {
            figures.name_sums(row);
        } else if (rows.is_null(row, dtype)) {
            const std::optional<std::size_t> in_series = figures.row_of(row, start, series);
            if (!in_series) continue;
            if (const std::optional<std::size_t> group = group_of(row, *in_series)) figures.add(row, *group);
        }
    }
}

Answer answer_without_rows(const Asked& asked, const Series& series) {
    std::vector<Column> columns;
    series.append_columns(columns, asked.cut.is_csv);
    if (asked.is_queue()) columns.insert(columns.end(), {{"dtype"}, {"dnumber"}, {"destination"}});
    append_columns(columns, offer_figures());
    const bool is_object = series.is_whole() && !asked.is_queue();
    Answer answer{is_object ? Answer::Shape::kObject : Answer::Shape::kArray, std::move(columns)};
    if (asked.cut.is_csv)
        answer.name_file(asked.cut.file_name(asked.is_queue() ? "offers-queue" : "offers-destination", asked.id));
    return answer;
}

Question span(const AskedPointer& asked);

/// rows: those of sql/queries/destination_statistics.sql.
Result<Reply> answer_destination(const AskedPointer& asked, const Series& series, const Rows& rows) {
    if (rows.size() == 0) return no_such_queue(asked->key);
    const std::size_t in_no_row = series.rows();
    FigureAdder figures{rows, offer_figures(), series.rows() + 1};
    add_up(rows, series, figures, [](int, std::size_t in_series) { return std::optional{in_series}; });
    if (!figures.is_empty(in_no_row)) return Reply{span(asked)};  // a call has come in since span() was answered
    Answer answer = answer_without_rows(*asked, series);
    answer.reserve(series.rows());
    for (std::size_t row = 0; row < series.rows(); ++row) {
        series.add_cells(row, asked->cut.is_csv, answer);
        figures.add_cells(row, answer);
    }
    return Reply{std::move(answer)};
}

void add_destination(const Destination& destination, Answer& answer) {
    answer.add(destination.dtype);
    answer.add(destination.dnumber);
    answer.add(destination.id);
}

/// A row per destination. rows: those of sql/queries/queue_statistics.sql.
Result<Reply> answer_queue(const AskedPointer& asked, const Series& series, const Rows& rows) {
    if (rows.size() == 0) return no_such_queue(asked->key);
    const std::vector<Destination> destinations = destinations_of(rows);
    const Numbers numbers{destinations};
    FigureAdder figures{rows, offer_figures(), destinations.size()};
    const int id = rows.column("destination");
    add_up(rows, series, figures, [&](int row, std::size_t) { return numbers.of(rows.integer(row, id)); });

    Answer answer = answer_without_rows(*asked, series);
    answer.reserve(destinations.size());
    for (std::size_t i = 0; i < destinations.size(); ++i) {
        if (destinations[i].removed && figures.calls(i) == 0) continue;
        add_destination(destinations[i], answer);
        figures.add_cells(i, answer);
    }
    return Reply{std::move(answer)};
}

/// A row per bucket and destination with calls. rows: the same.
Result<Reply> answer_buckets(const AskedPointer& asked, const Series& series, const Rows& rows) {
    if (rows.size() == 0) return no_such_queue(asked->key);
    const std::vector<Destination> destinations = destinations_of(rows);
    const Numbers numbers{destinations};
    FigureAdder figures{rows, offer_figures(), 0};
    std::map<std::pair<std::size_t, std::size_t>, std::size_t> groups;  // by bucket and number of a destination
    const int id = rows.column("destination");
    add_up(rows, series, figures, [&](int row, std::size_t bucket) -> std::optional<std::size_t> {
        const std::optional<std::size_t> number = numbers.of(rows.integer(row, id));
        if (!number) return std::nullopt;
        const auto [group, is_new] = groups.try_emplace({bucket, *number});
        if (is_new) group->second = figures.add_group();
        return group->second;
    });

    Answer answer = answer_without_rows(*asked, series);
    answer.reserve(groups.size());
    for (const auto& [of, group] : groups) {
        const auto [bucket, number] = of;
        if (bucket == series.rows()) return Reply{span(asked)};  // a call has come in since span() was answered
        series.add_cells(bucket, asked->cut.is_csv, answer);
        add_destination(destinations[number], answer);
        figures.add_cells(group, answer);
    }
    return Reply{std::move(answer)};
}

Question statistics(const AskedPointer& asked, Series series) {
    const auto answer = !asked->is_queue() ? answer_destination : series.is_whole() ? answer_queue : answer_buckets;
    std::vector<std::optional<std::string>> arguments{std::to_string(asked->id), series.edges(), series.labels()};
    return {asked->is_queue() ? "queue_statistics" : "destination_statistics", std::move(arguments), asked->key,
            [asked, answer, series = std::move(series)](const Question&, const Rows& rows) {
                return answer(asked, series, rows);
            }};
}

/// rows: those of the period as a whole.
Result<Reply> answer_span(const AskedPointer& asked, const Rows& rows) {
    if (rows.size() == 0) return no_such_queue(asked->key);
    const Series whole = Series::whole(asked->cut.period);
    FigureAdder figures{rows, offer_figures(), 1};
    add_up(rows, whole, figures, [](int, std::size_t) { return std::optional{std::size_t{0}}; });
    const auto time = [&](std::string_view figure) {
        return figures.is_empty(0) ? std::nullopt : std::optional{figures.cell(figure, 0).number};
    };
    Result<Series> series = asked->cut.series_between(time("first_call"), time("last_call"));
    if (!series) return series.refusals();
    if (series->rows() == 0) return Reply{answer_without_rows(*asked, *series)};
    return Reply{statistics(asked, *std::move(series))};
}

/// Asks from when until when there are calls. The sums know that better than an index, which would search all calls of
/// the queue for those of a destination.
Question span(const AskedPointer& asked) {
    Question question = statistics(asked, Series::whole(asked->cut.period));
    question.answer = [asked](const Question&, const Rows& rows) { return answer_span(asked, rows); };
    return question;
}

Result<Question> ask(const Parameters& parameters) {
    Refusals refusals;
    const auto [key, id] = read_either_id(parameters, "destination", "queue", kBoth, kNeither, refusals);
    const Period period = read_period(parameters, refusals);
    Cut cut = read_cut(parameters, period, key == "queue" ? kLimitsOfQueue : kLimits, refusals);
    if (!refusals.empty()) return refusals;
    std::optional<Series> series = std::move(cut.series);
    const auto asked = std::make_shared<const Asked>(Asked{key, id, std::move(cut)});
    return series ? statistics(asked, *std::move(series)) : span(asked);
}

}  // namespace

Function queues_destinations_statistics_get() {
    return {"queues/destinations/statistics/get", kParameters, kAlso, ask};
}

}  // namespace core::functions
