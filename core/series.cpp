#include "core/series.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

#include "core/failure.hpp"

namespace core {
namespace {

// Local times are seconds too, as if 1970 had begun when the local clock showed it.
using Date = std::chrono::sys_days;
using std::chrono::days;

constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kDay = 86400;

constexpr auto kIntervals = std::to_array<std::pair<std::string_view, Interval>>({
    {"15min", Interval::k15Min},
    {"hour", Interval::kHour},
    {"day", Interval::kDay},
    {"week", Interval::kWeek},
    {"month", Interval::kMonth},
    {"hour_of_day", Interval::kHourOfDay},
    {"day_of_week", Interval::kDayOfWeek},
    {"hour_of_week", Interval::kHourOfWeek},
});

/// No bucket is longer, in seconds: a month of 31 days, and a day for what clocks are set back.
constexpr std::int64_t kLongestBucket = 32 * kDay;

std::int64_t rounded_down(std::int64_t number, std::int64_t multiple) {
    return number - ((number % multiple) + multiple) % multiple;
}

Date date_of(std::int64_t local) { return Date{days{rounded_down(local, kDay) / kDay}}; }

/// Monday: 0.
unsigned weekday_of(Date date) { return std::chrono::weekday{date}.iso_encoding() - 1; }

/// The first date after `date` at which a bucket begins.
Date next_date(Interval interval, Date date) {
    if (interval == Interval::kDay) return date + days{1};
    if (interval == Interval::kWeek) return date + days{7 - weekday_of(date)};
    const std::chrono::year_month_day at{date};
    return Date{at.year() / at.month() / 1 + std::chrono::months{1}};
}

/// The first instant at which the local date is `date` or a later one.
std::int64_t first_instant(const TimeZone& zone, Date date) {
    const std::int64_t midnight = date.time_since_epoch().count() * kDay;
    for (std::int64_t at = midnight - 2 * kDay;;) {
        const auto [end, offset] = zone.stretch_from(at);
        const std::int64_t instant = std::max(at, midnight - offset);
        if (instant < end) return instant;
        at = end;
    }
}

/// The first instant after `time` at which the local clock shows a multiple of width, or is set anew.
std::int64_t next_on_clock(std::int64_t width, const TimeZone& zone, std::int64_t time) {
    const auto [end, offset] = zone.stretch_from(time);
    return std::min(end, rounded_down(time + offset, width) + width - offset);
}

/// The first instant after `time` at which a bucket begins.
std::int64_t next_edge(Interval interval, const TimeZone& zone, std::int64_t time) {
    if (interval == Interval::k15Min) return next_on_clock(kHour / 4, zone, time);
    if (interval == Interval::kHour) return next_on_clock(kHour, zone, time);
    // A date may begin, end and go on, where clocks are set back over midnight: then it has begun already.
    Date date = date_of(time + zone.stretch_from(time).offset);
    for (;;) {
        date = next_date(interval, date);
        if (const std::int64_t edge = first_instant(zone, date); edge > time) return edge;
    }
}

/// The last instant until `time`, included, at which a bucket begins.
std::int64_t edge_before(Interval interval, const TimeZone& zone, std::int64_t time) {
    const bool is_on_clock = interval == Interval::k15Min || interval == Interval::kHour;
    std::int64_t found = time - (is_on_clock ? kHour : kLongestBucket);
    for (std::int64_t next = found; next <= time; next = next_edge(interval, zone, next)) found = next;
    return found;
}

template <class Number>
std::string array_of(const std::vector<Number>& numbers) {
    std::string text = "{";
    for (const Number number : numbers) {
        if (text.size() > 1) text += ',';
        text += std::to_string(number);
    }
    return text += '}';
}

/// "2026-11-24 10:07".
std::string local_text(const TimeZone& zone, std::int64_t time) {
    const std::int64_t local = time + zone.stretch_from(time).offset;
    const std::chrono::year_month_day date{date_of(local)};
    const std::int64_t minute = (local - rounded_down(local, kDay)) / 60;
    std::array<char, 32> text{};
    const int size =
        std::snprintf(text.data(), text.size(), "%04d-%02u-%02u %02d:%02d", int{date.year()}, unsigned{date.month()},
                      unsigned{date.day()}, static_cast<int>(minute / 60), static_cast<int>(minute % 60));
    return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace

Series Series::whole(const Period& period) {
    Series series;
    series.edges_ = {period.start, period.end};
    return series;
}

std::optional<Series> Series::buckets(Interval interval, const TimeZone& zone, const Period& period, std::size_t most) {
    Series series;
    series.interval_ = interval;
    series.zone_ = zone;
    series.starts_.push_back(period.start);
    while (series.starts_.back() < period.end) {
        if (series.starts_.size() > most) return std::nullopt;
        series.starts_.push_back(std::min(period.end, next_edge(interval, zone, series.starts_.back())));
    }
    series.rows_ = series.starts_.size() - 1;
    series.edges_ = series.starts_;
    if (series.rows_ == 0) series.edges_.push_back(period.end);
    return series;
}

Series Series::profile(Interval interval, const TimeZone& zone, const Period& period) {
    const bool has_hours = interval != Interval::kDayOfWeek;
    Series series;
    series.interval_ = interval;
    series.zone_ = zone;
    series.rows_ = interval == Interval::kHourOfDay ? 24 : interval == Interval::kDayOfWeek ? 7 : 168;
    series.seconds_.resize(series.rows_);
    series.edges_ = {period.start};
    for (std::int64_t at = period.start; at < period.end;) {
        const std::int64_t next = std::min(period.end, next_on_clock(has_hours ? kHour : kDay, zone, at));
        const std::int64_t local = at + zone.stretch_from(at).offset;
        std::size_t row = interval == Interval::kHourOfDay ? 0 : weekday_of(date_of(local));
        if (has_hours) row = row * 24 + static_cast<std::size_t>((local - rounded_down(local, kDay)) / kHour);
        series.seconds_[row] += next - at;
        series.edges_.push_back(next);
        series.labels_.push_back(row);
        at = next;
    }
    if (series.labels_.empty()) {
        series.edges_.push_back(period.end);
        series.labels_.push_back(0);
    }
    return series;
}

void Series::widen(const Period& all) {
    if (all.start < edges_.front()) edges_.insert(edges_.begin(), all.start);
    if (edges_.back() < all.end) edges_.push_back(all.end);
}

std::string Series::edges() const { return array_of(edges_); }

std::optional<std::string> Series::labels() const {
    return labels_.empty() ? std::nullopt : std::optional{array_of(labels_)};
}

std::size_t Series::row_at(std::optional<std::int64_t> time) const {
    if (edges_.size() == 2) return labels_.empty() ? 0 : labels_.front();
    if (!time) throw StoreFailure{StoreFailure::Kind::kBroken, "sums: of no period"};
    const std::vector<std::int64_t>& starts = labels_.empty() ? starts_ : edges_;
    const auto after = std::ranges::upper_bound(starts, *time);
    if (after == starts.begin() || after == starts.end()) return rows_;
    const auto period = static_cast<std::size_t>(after - starts.begin()) - 1;
    return labels_.empty() ? period : labels_[period];
}

void Series::append_columns(std::vector<Column>& columns, bool is_local) const {
    if (!interval_) return;
    if (is_profile(*interval_)) {
        if (*interval_ != Interval::kHourOfDay) columns.push_back({"weekday"});
        if (*interval_ != Interval::kDayOfWeek) columns.push_back({"hour"});
        columns.push_back({"seconds"});
        return;
    }
    columns.push_back({"start"});
    if (is_local) columns.push_back({"start_local"});
    columns.push_back({"end"});
}

void Series::add_cells(std::size_t row, bool is_local, Answer& answer) const {
    if (!interval_) return;
    if (is_profile(*interval_)) {
        const auto number = static_cast<std::int64_t>(row);
        if (*interval_ == Interval::kDayOfWeek) answer.add(number + 1);
        if (*interval_ == Interval::kHourOfWeek) answer.add(number / 24 + 1);
        if (*interval_ != Interval::kDayOfWeek) answer.add(number % 24);
        answer.add(seconds_[row]);
        return;
    }
    answer.add(starts_[row]);
    if (is_local) answer.add(std::string_view{local_text(zone_, starts_[row])});
    answer.add(starts_[row + 1]);
}

Result<Series> Cut::series_between(std::optional<std::int64_t> first, std::optional<std::int64_t> last) const {
    if (!first || !last) return *Series::buckets(*interval, zone, {period.start, period.start}, most_buckets);
    const Period wanted{has_start ? period.start : std::max(period.start, edge_before(*interval, zone, *first)),
                        has_end ? period.end : std::min(period.end, next_edge(*interval, zone, *last))};
    std::optional<Series> found = Series::buckets(*interval, zone, wanted, most_buckets);
    if (!found) return static_cast<Refusal>(kIntervalTooShort);
    found->widen(period);
    return *std::move(found);
}

std::string Cut::file_name(std::string_view what, std::int64_t id) const {
    std::string name{what};
    name += '-' + std::to_string(id);
    if (has_start) name += "-from-" + std::to_string(period.start);
    if (has_end) name += "-to-" + std::to_string(period.end);
    return name;
}

Cut read_cut(const Parameters& parameters, const Period& period, const Limits& limits, Refusals& refusals) {
    Cut cut{.period = period,
            .has_start = is_given(parameters, "start"),
            .has_end = is_given(parameters, "end"),
            .interval = {},
            .zone = {},
            .most_buckets = limits.most_buckets,
            .series = {}};
    bool is_valid = std::ranges::none_of(
        refusals, [](const Refusal& refusal) { return refusal.key == "start" || refusal.key == "end"; });
    const auto refuse = [&](Refusal refusal) {
        refusals.push_back(std::move(refusal));
        is_valid = false;
    };
    if (is_given(parameters, "interval")) {
        const auto found = std::ranges::find(kIntervals, std::string_view{*parameters.find("interval")},
                                             &std::pair<std::string_view, Interval>::first);
        if (found == kIntervals.end() || (is_profile(found->second) && !limits.has_profiles))
            refuse(invalid("interval"));
        else
            cut.interval = found->second;
    }
    const bool is_of_profile = cut.interval && is_profile(*cut.interval);
    if (is_of_profile && is_valid && !(cut.has_start && cut.has_end && period.end - period.start <= kLongestProfile))
        refuse(kIntervalTooShort);
    if (is_given(parameters, "timezone")) {
        if (const std::optional<TimeZone> zone = TimeZone::find(*parameters.find("timezone")))
            cut.zone = *zone;
        else
            refuse(invalid("timezone"));
    }
    if (!cut.interval) {
        cut.series = Series::whole(period);
    } else if (is_valid && is_of_profile) {
        cut.series = Series::profile(*cut.interval, cut.zone, period);
    } else if (is_valid && ((cut.has_start && cut.has_end) || period.start == period.end)) {
        cut.series = Series::buckets(*cut.interval, cut.zone, period, limits.most_buckets);
        if (!cut.series) refuse(kIntervalTooShort);
    }
    if (is_given(parameters, "format")) {
        cut.is_csv = *parameters.find("format") == "csv";
        if (!cut.is_csv && *parameters.find("format") != "json") refuse(invalid("format"));
    }
    return cut;
}

}  // namespace core
