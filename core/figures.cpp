#include "core/figures.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>

namespace core {
namespace {

using Kind = Figure::Kind;

constexpr auto kOfferFigures = std::to_array<Figure>({
    {"calls", Kind::kTotal},
    {"talktime_sum", Kind::kSum, "talktime_sum"},
    {"talktime_min", Kind::kExtreme, "talktime_min"},
    {"talktime_max", Kind::kExtreme, "talktime_max"},
    {"talktime_avg", Kind::kAverage, "talktime_sum", "talktime_known"},
    {"calls_answered", Kind::kOutcome, "answered"},
    {"calls_in_progress", Kind::kCount, "in_progress"},
    {"calls_no_answer", Kind::kOutcome, "no_answer"},
    {"calls_busy", Kind::kOutcome, "busy"},
    {"calls_cancelled", Kind::kOutcome, "cancelled"},
    {"calls_answered_elsewhere", Kind::kOutcome, "answered_elsewhere"},
    {"calls_failed", Kind::kOutcome, "failed"},
    {"ringtime_sum", Kind::kSum, "ringtime_sum"},
    {"ringtime_min", Kind::kExtreme, "ringtime_min"},
    {"ringtime_max", Kind::kExtreme, "ringtime_max"},
    {"ringtime_avg", Kind::kAverage, "ringtime_sum", "ringtime_known"},
    {"holdtime_sum", Kind::kSum, "holdtime_sum"},
    {"holdtime_min", Kind::kExtreme, "holdtime_min"},
    {"holdtime_max", Kind::kExtreme, "holdtime_max"},
    {"holdtime_avg", Kind::kAverage, "holdtime_sum", "holdtime_known"},
    {"first_call", Kind::kExtreme, "first_call"},
    {"last_call", Kind::kExtreme, "last_call"},
});

}  // namespace

std::span<const Figure> offer_figures() { return kOfferFigures; }

void append_names(std::vector<std::string_view>& columns, std::span<const Figure> figures) {
    for (const Figure& figure : figures) columns.push_back(figure.name);
}

FigureReader::FigureReader(const Rows& rows, std::span<const Figure> figures) : rows_{rows} {
    sources_.reserve(figures.size());
    names_.reserve(figures.size());
    columns_.reserve(figures.size());
    for (const Figure& figure : figures) {
        Source source{figure.kind};
        if (figure.kind == Kind::kAverage) source.known = position(figure.known);
        if (figure.kind != Kind::kTotal) source.column = position(figure.column);
        sources_.push_back(source);
    }
    values_.resize(columns_.size());
}

/// Where in columns_ the column of that name stands, which is added if need be.
std::size_t FigureReader::position(std::string_view name) {
    const auto found = std::ranges::find(names_, name);
    const auto position = static_cast<std::size_t>(found - names_.begin());
    if (found == names_.end()) {
        names_.push_back(name);
        columns_.push_back(rows_.column(name));
    }
    return position;
}

void FigureReader::add_cells(int row, Answer& answer) {
    for (std::size_t i = 0; i < columns_.size(); ++i) values_[i] = rows_.optional_integer(row, columns_[i]);
    std::int64_t total = 0;
    for (const Source& source : sources_)
        if (source.kind == Kind::kOutcome) total += values_[source.column].value_or(0);

    for (const Source& source : sources_) {
        const std::optional<std::int64_t>& value = values_[source.column];
        switch (source.kind) {
            case Kind::kTotal:
                answer.add(total);
                break;
            case Kind::kCount:
            case Kind::kOutcome:
            case Kind::kSum:
                answer.add(value.value_or(0));
                break;
            case Kind::kExtreme:
                answer.add(value);
                break;
            case Kind::kAverage: {
                const std::int64_t known = values_[source.known].value_or(0);
                answer.add(known == 0 ? Cell{}
                                      : Cell{Cell::Kind::kHundredths, average_in_hundredths(value.value_or(0), known)});
                break;
            }
        }
    }
}

std::int64_t average_in_hundredths(std::int64_t sum, std::int64_t known) {
    assert(known > 0 && sum >= 0);
    // 100 * sum / known + 1/2, rounded down. 128 bits, an extension of GCC and Clang, hold it for every pair of 64-bit
    // values.
    __extension__ using Wide = unsigned __int128;
    const auto divisor = static_cast<Wide>(known);
    const Wide hundredths = (static_cast<Wide>(sum) * 200 + divisor) / (divisor * 2);
    assert(hundredths <= static_cast<Wide>(std::numeric_limits<std::int64_t>::max()));
    return static_cast<std::int64_t>(hundredths);
}

}  // namespace core
