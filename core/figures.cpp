#include "core/figures.hpp"

#include <array>
#include <cassert>
#include <limits>
#include <string>

namespace core {
namespace {

using Kind = Figure::Kind;

constexpr auto kOfferFigures = std::to_array<Figure>({
    {"calls", Kind::kTotal, ""},
    {"talktime_sum", Kind::kSum, "talktime_sum"},
    {"talktime_min", Kind::kExtreme, "talktime_min"},
    {"talktime_max", Kind::kExtreme, "talktime_max"},
    {"talktime_avg", Kind::kAverage, "talktime"},
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
    {"ringtime_avg", Kind::kAverage, "ringtime"},
    {"holdtime_sum", Kind::kSum, "holdtime_sum"},
    {"holdtime_min", Kind::kExtreme, "holdtime_min"},
    {"holdtime_max", Kind::kExtreme, "holdtime_max"},
    {"holdtime_avg", Kind::kAverage, "holdtime"},
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
    for (const Figure& figure : figures) {
        Source& source = sources_.emplace_back(Source{figure.kind});
        if (figure.kind == Kind::kAverage) {
            source.known = rows.column(std::string{figure.column} + "_known");
            source.column = rows.column(std::string{figure.column} + "_sum");
        } else if (figure.kind != Kind::kTotal) {
            source.column = rows.column(figure.column);
        }
    }
}

void FigureReader::add_cells(int row, Answer& answer) const {
    const auto number = [&](int column) { return rows_.optional_integer(row, column).value_or(0); };
    for (const Source& source : sources_) {
        switch (source.kind) {
            case Kind::kTotal: {
                std::int64_t total = 0;
                for (const Source& outcome : sources_)
                    if (outcome.kind == Kind::kOutcome) total += number(outcome.column);
                answer.add(total);
                break;
            }
            case Kind::kCount:
            case Kind::kOutcome:
            case Kind::kSum:
                answer.add(number(source.column));
                break;
            case Kind::kExtreme:
                answer.add(rows_.optional_integer(row, source.column));
                break;
            case Kind::kAverage: {
                const std::int64_t known = number(source.known);
                answer.add(known == 0
                               ? Cell{}
                               : Cell{Cell::Kind::kHundredths, average_in_hundredths(number(source.column), known)});
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
