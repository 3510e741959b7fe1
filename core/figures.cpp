#include "core/figures.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <limits>
#include <string>
#include <system_error>

#include "core/failure.hpp"

namespace core {
namespace {

using Kind = Figure::Kind;

constexpr auto kOfferFigures = std::to_array<Figure>({
    {"calls", Kind::kTotal},
    {"talktime_sum", Kind::kSum, "talktime", "talktime_sum"},
    {"talktime_min", Kind::kMin, "talktime", "talktime_min"},
    {"talktime_max", Kind::kMax, "talktime", "talktime_max"},
    {"talktime_avg", Kind::kAverage, "talktime", "talktime_known"},
    {"calls_answered", Kind::kOutcome, "answered", "answered"},
    {"calls_in_progress", Kind::kFlag, "in_progress", "in_progress"},
    {"calls_no_answer", Kind::kOutcome, "no_answer", "no_answer"},
    {"calls_busy", Kind::kOutcome, "busy", "busy"},
    {"calls_cancelled", Kind::kOutcome, "cancelled", "cancelled"},
    {"calls_answered_elsewhere", Kind::kOutcome, "answered_elsewhere", "answered_elsewhere"},
    {"calls_failed", Kind::kOutcome, "failed", "failed"},
    {"ringtime_sum", Kind::kSum, "ringtime", "ringtime_sum"},
    {"ringtime_min", Kind::kMin, "ringtime", "ringtime_min"},
    {"ringtime_max", Kind::kMax, "ringtime", "ringtime_max"},
    {"ringtime_avg", Kind::kAverage, "ringtime", "ringtime_known"},
    {"holdtime_sum", Kind::kSum, "holdtime", "holdtime_sum"},
    {"holdtime_min", Kind::kMin, "holdtime", "holdtime_min"},
    {"holdtime_max", Kind::kMax, "holdtime", "holdtime_max"},
    {"holdtime_avg", Kind::kAverage, "holdtime", "holdtime_known"},
    {"first_call", Kind::kMin, "start", "first_call"},
    {"last_call", Kind::kMax, "start", "last_call"},
});

// What a minimum and a maximum are before anything was measured. No measured value is one of them.
constexpr std::int64_t kNoMin = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kNoMax = std::numeric_limits<std::int64_t>::min();

[[noreturn]] void fail(std::string_view what, const char* why) {
    throw StoreFailure{StoreFailure::Kind::kBroken, std::string{what} + why};
}

/// Takes the next field of a record in text form from rest: "(1,,x)" has the fields "1", "" and "x". None of ours needs
/// quotes. false when there is none left.
bool take_field(std::string_view& rest, std::string_view& field) {
    if (rest.size() < 2) return false;
    rest.remove_prefix(1);
    const std::size_t length = rest.find_first_of(",)");
    if (length == std::string_view::npos) fail("sums", ": not a record");
    field = rest.substr(0, length);
    rest.remove_prefix(length);
    return true;
}

}  // namespace

std::span<const Figure> offer_figures() { return kOfferFigures; }

void append_names(std::vector<std::string_view>& columns, std::span<const Figure> figures) {
    for (const Figure& figure : figures) columns.push_back(figure.name);
}

FigureAdder::FigureAdder(const Rows& rows, std::span<const Figure> figures, std::size_t groups)
    : rows_{rows}, figures_{figures}, outcome_{rows.column("outcome")}, sums_{rows.column("sums")} {
    std::vector<std::int64_t> nothing;
    nothing.reserve(figures.size());
    outcomes_.reserve(figures.size());
    measured_.reserve(figures.size());
    for (std::size_t i = 0; i < figures.size(); ++i) {
        const Figure& figure = figures[i];
        switch (figure.kind) {
            case Kind::kTotal:
                break;
            case Kind::kOutcome:
                outcomes_.push_back(i);
                break;
            case Kind::kFlag:
                flags_.push_back({rows.column(figure.of), i});
                break;
            case Kind::kSum:
                measured(figure.of).sum = i;
                break;
            case Kind::kMin:
                measured(figure.of).min = i;
                break;
            case Kind::kMax:
                measured(figure.of).max = i;
                break;
            case Kind::kAverage:
                measured(figure.of).average = i;
                break;
        }
        nothing.push_back(figure.kind == Kind::kMin ? kNoMin : figure.kind == Kind::kMax ? kNoMax : 0);
    }
    values_.reserve(groups * figures.size());
    for (std::size_t group = 0; group < groups; ++group) values_.insert(values_.end(), nothing.begin(), nothing.end());
}

FigureAdder::Measured& FigureAdder::measured(std::string_view name) {
    const auto found = std::ranges::find(measured_, name, &Measured::name);
    if (found != measured_.end()) return *found;
    return measured_.emplace_back(Measured{.name = name, .column = rows_.column(name)});
}

void FigureAdder::name_sums(int row) {
    if (rows_.is_null(row, sums_)) return;
    fields_.clear();
    std::string_view rest = rows_.text(row, sums_);
    for (std::string_view field; take_field(rest, field);) {
        const auto found = std::ranges::find(figures_, field, &Figure::sums);
        fields_.push_back(found == figures_.end() ? kNone : static_cast<std::size_t>(found - figures_.begin()));
    }
    for (std::size_t i = 0; i < figures_.size(); ++i)
        if (figures_[i].kind != Kind::kTotal && std::ranges::find(fields_, i) == fields_.end())
            fail(figures_[i].sums, ": there are no sums of that name");
}

void FigureAdder::add(int row, std::size_t group) {
    if (!rows_.is_null(row, outcome_))
        add_call(row, values(group));
    else if (!rows_.is_null(row, sums_))
        add_sums(row, values(group));
}

void FigureAdder::put(std::int64_t number, std::size_t figure, std::int64_t* values) const {
    if (figure == kNone) return;
    std::int64_t& value = values[figure];
    if (figures_[figure].kind == Kind::kMin)
        value = std::min(value, number);
    else if (figures_[figure].kind == Kind::kMax)
        value = std::max(value, number);
    else if (__builtin_add_overflow(value, number, &value))
        fail(figures_[figure].name, " is over 2^63-1");
}

void FigureAdder::add_call(int row, std::int64_t* values) const {
    const std::string_view outcome = rows_.text(row, outcome_);
    const auto counted = std::ranges::find(outcomes_, outcome, [this](std::size_t i) { return figures_[i].of; });
    if (counted == outcomes_.end()) fail(outcome, ": no figure counts this outcome");
    ++values[*counted];
    for (const Flag& flag : flags_)
        if (rows_.boolean(row, flag.column)) ++values[flag.figure];
    for (const Measured& measured : measured_) {
        const std::optional<std::int64_t> number = rows_.optional_integer(row, measured.column);
        if (!number) continue;
        put(*number, measured.sum, values);
        put(*number, measured.min, values);
        put(*number, measured.max, values);
        put(1, measured.average, values);
    }
}

void FigureAdder::add_sums(int row, std::int64_t* values) const {
    std::string_view rest = rows_.text(row, sums_);
    std::size_t i = 0;
    for (std::string_view field; take_field(rest, field); ++i) {
        if (i == fields_.size()) fail("sums", ": more fields than names");
        if (field.empty() || fields_[i] == kNone) continue;  // empty: null
        std::int64_t number = 0;
        const char* const end = field.data() + field.size();
        if (const auto read = std::from_chars(field.data(), end, number); read.ec != std::errc{} || read.ptr != end)
            fail("sums", ": not 64-bit integers");
        put(number, fields_[i], values);
    }
    if (i != fields_.size()) fail("sums", ": fewer fields than names");
}

std::int64_t FigureAdder::calls(std::size_t group) const {
    const std::int64_t* const values = values_.data() + group * figures_.size();
    std::int64_t total = 0;
    for (const std::size_t i : outcomes_) total += values[i];
    return total;
}

void FigureAdder::add_cells(std::size_t group, Answer& answer) const {
    const std::int64_t* const values = values_.data() + group * figures_.size();
    for (std::size_t i = 0; i < figures_.size(); ++i) {
        switch (figures_[i].kind) {
            case Kind::kTotal:
                answer.add(calls(group));
                break;
            case Kind::kOutcome:
            case Kind::kFlag:
            case Kind::kSum:
                answer.add(values[i]);
                break;
            case Kind::kMin:
                answer.add(values[i] == kNoMin ? Cell{} : Cell{Cell::Kind::kInteger, values[i]});
                break;
            case Kind::kMax:
                answer.add(values[i] == kNoMax ? Cell{} : Cell{Cell::Kind::kInteger, values[i]});
                break;
            case Kind::kAverage: {
                const auto measured = std::ranges::find(measured_, i, &Measured::average);
                answer.add(values[i] == 0 ? Cell{}
                                          : Cell{Cell::Kind::kHundredths,
                                                 average_in_hundredths(values[measured->sum], values[i])});
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
