#include "core/figures.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <limits>
#include <string>
#include <system_error>

#include "core/failure.hpp"
#include "core/text.hpp"

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

constexpr auto kCallerFigures = std::to_array<Figure>({
    {"calls", Kind::kTotal},
    {"calls_answered", Kind::kOutcome, "answered", "answered"},
    {"calls_in_progress", Kind::kFlag, "in_progress", "in_progress"},
    {.name = "calls_waiting", .kind = Kind::kOutcome, .of = "waiting", .sums = "waiting", .outside_levels = true},
    {"calls_abandoned", Kind::kOutcome, "abandoned", "abandoned"},
    {"calls_timeout", Kind::kOutcome, "timeout", "timeout"},
    {"calls_key", Kind::kOutcome, "key", "key"},
    {"calls_empty", Kind::kOutcome, "empty", "empty"},
    {"calls_other", Kind::kOutcome, "other", "other"},
    {"calls_refused", Kind::kApart, "refused", "refused"},
    {"talktime_sum", Kind::kSum, "talktime", "talktime_sum"},
    {"talktime_min", Kind::kMin, "talktime", "talktime_min"},
    {"talktime_max", Kind::kMax, "talktime", "talktime_max"},
    {"talktime_avg", Kind::kAverage, "talktime", "talktime_known"},
    {"holdtime_sum", Kind::kSum, "waittime", "holdtime_sum", "answered"},
    {"holdtime_min", Kind::kMin, "waittime", "holdtime_min", "answered"},
    {"holdtime_max", Kind::kMax, "waittime", "holdtime_max", "answered"},
    {"holdtime_avg", Kind::kAverage, "waittime", "holdtime_known", "answered"},
    {"abandontime_sum", Kind::kSum, "waittime", "abandontime_sum", "abandoned"},
    {"abandontime_min", Kind::kMin, "waittime", "abandontime_min", "abandoned"},
    {"abandontime_max", Kind::kMax, "waittime", "abandontime_max", "abandoned"},
    {"abandontime_avg", Kind::kAverage, "waittime", "abandontime_known", "abandoned"},
    {"waittime_sum", Kind::kSum, "waittime", "waittime_sum"},
    {"waittime_min", Kind::kMin, "waittime", "waittime_min"},
    {"waittime_max", Kind::kMax, "waittime", "waittime_max"},
    {"waittime_avg", Kind::kAverage, "waittime", "waittime_known"},
    {"waiting_since", Kind::kMin, "entered", "waiting_since", "waiting"},
    {"first_call", Kind::kMin, "entered", "first_call"},
    {"last_call", Kind::kMax, "entered", "last_call"},
});

constexpr auto kWaitLimits =
    std::to_array<std::int64_t>({3, 5, 10, 15, 20, 25, 30, 45, 60, 90, 120, 180, 240, 300, 600, 900});

/// The names of a limit of waits: of its sums, and of its columns in an answer.
struct Limit {
    std::string_view answered;
    std::string_view abandoned;
    std::string_view calls_answered;
    std::string_view calls_abandoned;
    std::string_view percent;
};

constexpr std::array<Limit, kWaitLimits.size()> kLimits{{
    {"answered_3", "abandoned_3", "calls_answered_within_3", "calls_abandoned_within_3", "service_level_3"},
    {"answered_5", "abandoned_5", "calls_answered_within_5", "calls_abandoned_within_5", "service_level_5"},
    {"answered_10", "abandoned_10", "calls_answered_within_10", "calls_abandoned_within_10", "service_level_10"},
    {"answered_15", "abandoned_15", "calls_answered_within_15", "calls_abandoned_within_15", "service_level_15"},
    {"answered_20", "abandoned_20", "calls_answered_within_20", "calls_abandoned_within_20", "service_level_20"},
    {"answered_25", "abandoned_25", "calls_answered_within_25", "calls_abandoned_within_25", "service_level_25"},
    {"answered_30", "abandoned_30", "calls_answered_within_30", "calls_abandoned_within_30", "service_level_30"},
    {"answered_45", "abandoned_45", "calls_answered_within_45", "calls_abandoned_within_45", "service_level_45"},
    {"answered_60", "abandoned_60", "calls_answered_within_60", "calls_abandoned_within_60", "service_level_60"},
    {"answered_90", "abandoned_90", "calls_answered_within_90", "calls_abandoned_within_90", "service_level_90"},
    {"answered_120", "abandoned_120", "calls_answered_within_120", "calls_abandoned_within_120", "service_level_120"},
    {"answered_180", "abandoned_180", "calls_answered_within_180", "calls_abandoned_within_180", "service_level_180"},
    {"answered_240", "abandoned_240", "calls_answered_within_240", "calls_abandoned_within_240", "service_level_240"},
    {"answered_300", "abandoned_300", "calls_answered_within_300", "calls_abandoned_within_300", "service_level_300"},
    {"answered_600", "abandoned_600", "calls_answered_within_600", "calls_abandoned_within_600", "service_level_600"},
    {"answered_900", "abandoned_900", "calls_answered_within_900", "calls_abandoned_within_900", "service_level_900"},
}};

constexpr auto kItems = [] {
    std::array<Item, kWaitLimits.size()> items{};
    for (std::size_t i = 0; i < items.size(); ++i) items[i] = {"service_levels", "seconds", kWaitLimits[i]};
    return items;
}();

/// The number of a limit in wait_limits().
std::size_t number_of(std::int64_t seconds) {
    const auto found = std::ranges::find(kWaitLimits, seconds);
    assert(found != kWaitLimits.end());
    return static_cast<std::size_t>(found - kWaitLimits.begin());
}

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
    std::size_t length = 0;  // find_first_of() would call memchr() per character
    while (length < rest.size() && rest[length] != ',' && rest[length] != ')') ++length;
    if (length == rest.size()) fail("sums", ": not a record");
    field = rest.substr(0, length);
    rest.remove_prefix(length);
    return true;
}

/// Whether something measures the same as a figure does.
auto measures(const Figure& figure) {
    return [&figure](const auto& measured) { return measured.name == figure.of && measured.when == figure.when; };
}

/// numerator / denominator, rounded half up. 128 bits, an extension of GCC and Clang, hold all that is computed here.
__extension__ using Wide = unsigned __int128;
std::int64_t rounded_half_up(Wide numerator, std::int64_t denominator) {
    const auto divisor = static_cast<Wide>(denominator);
    const Wide quotient = (numerator * 2 + divisor) / (divisor * 2);
    assert(quotient <= static_cast<Wide>(std::numeric_limits<std::int64_t>::max()));
    return static_cast<std::int64_t>(quotient);
}

}  // namespace

std::span<const Figure> offer_figures() { return kOfferFigures; }

std::span<const std::int64_t> wait_limits() { return kWaitLimits; }

std::vector<Figure> caller_figures(std::optional<std::int64_t> short_abandon, std::span<const std::int64_t> levels) {
    std::vector<Figure> figures;
    figures.reserve(kCallerFigures.size() + 1 + 3 * levels.size());
    figures.assign(kCallerFigures.begin(), kCallerFigures.end());
    if (short_abandon)
        figures.push_back({.name = "calls_abandoned_short",
                           .kind = Kind::kWithin,
                           .of = "waittime",
                           .sums = *short_abandon == 0 ? "abandoned_0" : kLimits[number_of(*short_abandon)].abandoned,
                           .when = "abandoned",
                           .seconds = *short_abandon,
                           .outside_levels = true});
    for (const std::int64_t seconds : levels) {
        const Limit& limit = kLimits[number_of(seconds)];
        const Item* const item = &kItems[number_of(seconds)];
        const auto add = [&](std::string_view name, Kind kind, std::string_view sums, std::string_view when,
                             std::string_view key) {
            figures.push_back({name, kind, "waittime", sums, when, seconds, false, item, key});
        };
        add(limit.calls_answered, Kind::kWithin, limit.answered, "answered", "calls_answered");
        add(limit.calls_abandoned, Kind::kWithin, limit.abandoned, "abandoned", "calls_abandoned");
        add(limit.percent, Kind::kServiceLevel, {}, "answered", "percent");
    }
    return figures;
}

void append_columns(std::vector<Column>& columns, std::span<const Figure> figures) {
    columns.reserve(columns.size() + figures.size());
    for (const Figure& figure : figures) columns.push_back({figure.name, figure.item, figure.item_key});
}

FigureAdder::FigureAdder(const Rows& rows, std::span<const Figure> figures, std::size_t groups)
    : rows_{rows}, figures_{figures}, outcome_{rows.column("outcome")}, sums_{rows.column("sums")} {
    nothing_.reserve(figures.size());
    outcomes_.reserve(figures.size());
    measured_.reserve(figures.size());
    for (std::size_t i = 0; i < figures.size(); ++i) {
        const Figure& figure = figures[i];
        switch (figure.kind) {
            case Kind::kTotal:
            case Kind::kServiceLevel:
                break;
            case Kind::kOutcome:
            case Kind::kApart:
                outcomes_.push_back(i);
                break;
            case Kind::kFlag:
                flags_.push_back({rows.column(figure.of), i});
                break;
            case Kind::kSum:
                measured(figure).sum = i;
                break;
            case Kind::kMin:
                measured(figure).min = i;
                break;
            case Kind::kMax:
                measured(figure).max = i;
                break;
            case Kind::kAverage:
                measured(figure).average = i;
                break;
            case Kind::kWithin:
                measured(figure).within.push_back(i);
                break;
        }
        nothing_.push_back(figure.kind == Kind::kMin ? kNoMin : figure.kind == Kind::kMax ? kNoMax : 0);
    }
    values_.reserve(groups * figures.size());
    for (std::size_t group = 0; group < groups; ++group) add_group();
}

std::size_t FigureAdder::add_group() {
    values_.insert(values_.end(), nothing_.begin(), nothing_.end());
    return values_.size() / figures_.size() - 1;
}

FigureAdder::Measured& FigureAdder::measured(const Figure& figure) {
    const auto found = std::ranges::find_if(measured_, measures(figure));
    if (found != measured_.end()) return *found;
    Measured& made = measured_.emplace_back(
        Measured{.name = figure.of, .when = figure.when, .column = rows_.column(figure.of), .within = {}});
    if (!figure.when.empty()) {
        const auto counted =
            std::ranges::find(outcomes_, figure.when, [this](std::size_t i) { return figures_[i].of; });
        assert(counted != outcomes_.end());
        made.outcome = *counted;
    }
    return made;
}

/// The kWithin figure with the lowest limit that seconds do not exceed, the first one of several; or kNone.
std::size_t FigureAdder::narrowest(const Measured& measured, std::int64_t seconds) const {
    std::size_t found = kNone;
    for (const std::size_t i : measured.within) {
        const std::int64_t limit = figures_[i].seconds;
        if (seconds <= limit && (found == kNone || limit < figures_[found].seconds)) found = i;
    }
    return found;
}

/// The figure that sums of the name WHEN_SECONDS count in, or kNone.
std::size_t FigureAdder::figure_of_bin(std::string_view field) const {
    const std::size_t when = field.rfind('_');
    if (when == field.npos) return kNone;
    const auto seconds = whole_number(field.substr(when + 1), std::numeric_limits<std::int64_t>::max());
    if (!seconds) return kNone;
    for (const Measured& measured : measured_)
        if (!measured.within.empty() && measured.when == field.substr(0, when)) return narrowest(measured, *seconds);
    return kNone;
}

void FigureAdder::name_sums(int row) {
    if (rows_.is_null(row, sums_)) return;
    fields_.clear();
    std::string_view rest = rows_.text(row, sums_);
    for (std::string_view field; take_field(rest, field);) {
        const auto found = std::ranges::find(figures_, field, &Figure::sums);
        fields_.push_back(found == figures_.end() ? figure_of_bin(field)
                                                  : static_cast<std::size_t>(found - figures_.begin()));
    }
    for (std::size_t i = 0; i < figures_.size(); ++i) {
        if (figures_[i].sums.empty()) continue;
        // Two figures may have the same limit. Then the first one has the sums.
        const std::size_t named = figures_[i].kind == Kind::kWithin ? figure_of_bin(figures_[i].sums) : i;
        if (std::ranges::find(fields_, named) == fields_.end())
            fail(figures_[i].sums, ": there are no sums of that name");
    }
}

std::optional<std::size_t> FigureAdder::row_of(int row, int time, const Series& series) const {
    if (rows_.is_null(row, outcome_) && rows_.is_null(row, sums_)) return std::nullopt;
    if (series.is_whole()) return 0;
    return series.row_at(rows_.optional_integer(row, time));
}

void FigureAdder::add(int row, std::size_t group) {
    if (!rows_.is_null(row, outcome_))
        add_call(row, values(group));
    else if (!rows_.is_null(row, sums_))
        add_sums(row, values(group));
}

void FigureAdder::put(std::int64_t number, std::size_t figure, std::int64_t* values) const {
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
    if (figures_[*counted].kind == Kind::kApart) return;
    for (const Flag& flag : flags_)
        if (rows_.boolean(row, flag.column)) ++values[flag.figure];
    for (const Measured& measured : measured_) {
        if (measured.outcome != kNone && measured.outcome != *counted) continue;
        const std::optional<std::int64_t> number = rows_.optional_integer(row, measured.column);
        if (!number) continue;
        if (measured.sum != kNone) put(*number, measured.sum, values);
        if (measured.min != kNone) values[measured.min] = std::min(values[measured.min], *number);
        if (measured.max != kNone) values[measured.max] = std::max(values[measured.max], *number);
        if (measured.average != kNone) ++values[measured.average];
        if (const std::size_t within = narrowest(measured, *number); within != kNone) ++values[within];
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
    for (const std::size_t i : outcomes_)
        if (figures_[i].kind == Kind::kOutcome) total += values[i];
    return total;
}

bool FigureAdder::is_empty(std::size_t group) const {
    const std::int64_t* const values = values_.data() + group * figures_.size();
    return std::ranges::all_of(outcomes_, [values](std::size_t i) { return values[i] == 0; });
}

void FigureAdder::add_cells(std::size_t group, Answer& answer) const {
    for (std::size_t i = 0; i < figures_.size(); ++i) answer.add(cell(i, group));
}

Cell FigureAdder::cell(std::string_view figure, std::size_t group) const {
    const auto found = std::ranges::find(figures_, figure, &Figure::name);
    assert(found != figures_.end());
    return cell(static_cast<std::size_t>(found - figures_.begin()), group);
}

Cell FigureAdder::cell(std::size_t figure, std::size_t group) const {
    const std::int64_t* const values = values_.data() + group * figures_.size();
    const std::int64_t value = values[figure];
    switch (figures_[figure].kind) {
        case Kind::kTotal:
            return {Cell::Kind::kInteger, calls(group)};
        case Kind::kOutcome:
        case Kind::kApart:
        case Kind::kFlag:
        case Kind::kSum:
            break;
        case Kind::kMin:
            if (value == kNoMin) return {};
            break;
        case Kind::kMax:
            if (value == kNoMax) return {};
            break;
        case Kind::kAverage:
            if (value == 0) return {};
            return {
                Cell::Kind::kHundredths,
                average_in_hundredths(values[std::ranges::find(measured_, figure, &Measured::average)->sum], value)};
        case Kind::kWithin:
            return {Cell::Kind::kInteger, count_within(figures_[figure], values)};
        case Kind::kServiceLevel:
            return service_level(figures_[figure], group);
    }
    return {Cell::Kind::kInteger, value};
}

std::int64_t FigureAdder::count_within(const Figure& figure, const std::int64_t* values) const {
    std::int64_t count = 0;
    for (const std::size_t i : std::ranges::find_if(measured_, measures(figure))->within)
        if (figures_[i].seconds <= figure.seconds) count += values[i];
    return count;
}

Cell FigureAdder::service_level(const Figure& figure, std::size_t group) const {
    const std::int64_t* const values = values_.data() + group * figures_.size();
    std::int64_t measured = calls(group);
    for (std::size_t i = 0; i < figures_.size(); ++i)
        if (figures_[i].outside_levels)
            measured -= figures_[i].kind == Kind::kWithin ? count_within(figures_[i], values) : values[i];
    if (measured <= 0) return {};
    return {Cell::Kind::kHundredths, percentage_in_hundredths(count_within(figure, values), measured)};
}

std::int64_t average_in_hundredths(std::int64_t sum, std::int64_t known) {
    assert(known > 0 && sum >= 0);
    return rounded_half_up(static_cast<Wide>(sum) * 100, known);
}

std::int64_t percentage_in_hundredths(std::int64_t part, std::int64_t whole) {
    assert(whole > 0 && part >= 0);
    return rounded_half_up(static_cast<Wide>(part) * 100 * 100, whole);
}

}  // namespace core
