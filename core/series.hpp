#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/parameters.hpp"
#include "core/period.hpp"
#include "core/refusal.hpp"
#include "core/table.hpp"
#include "core/time_zone.hpp"

/// An answer cut into rows by time, as the parameters `interval` and `timezone` say.
namespace core {

/// The values of `interval`. Those of a series cut a period into buckets, which begin
///   k15Min, kHour        at full local quarters or hours, and wherever the offset of the zone changes
///   kDay, kWeek, kMonth  at the first instant of a local date: each one, each Monday's, each first of a month's
/// So days have 23 or 25 hours where clocks are changed, and no time is missing or counted twice. The others make a
/// profile: all times at which a local clock shows the same hour, weekday, or both, are one row.
enum class Interval { k15Min, kHour, kDay, kWeek, kMonth, kHourOfDay, kDayOfWeek, kHourOfWeek };

constexpr bool is_profile(Interval interval) { return interval >= Interval::kHourOfDay; }

/// The refusal of a series of too many buckets, and of a profile whose period is not given or too long.
inline constexpr Invalid kIntervalTooShort{"interval", "The interval is too short for the period."};

/// The longest period of a profile, in seconds.
inline constexpr std::int64_t kLongestProfile = std::int64_t{400} * 86400;

/// The rows of an answer by time, and the arguments by which the database reads all of them in one call.
class Series {
  public:
    /// One row without columns of its own: an answer without `interval`.
    static Series whole(const Period& period);

    /// The buckets of a period, ascending, the first and the last one cut to the period; none when the period is empty.
    /// nullopt when they are more than `most`. Precondition: !is_profile(interval).
    static std::optional<Series> buckets(Interval interval, const TimeZone& zone, const Period& period,
                                         std::size_t most);

    /// 24 hours, 7 weekdays or 168 hours of the week, ascending, whatever the period. Precondition:
    /// is_profile(interval).
    static Series profile(Interval interval, const TimeZone& zone, const Period& period);

    /// Has the database read what is in `all` but in no bucket too. It belongs to no row. Precondition: a series of
    /// buckets that lie in `all`.
    void widen(const Period& all);

    bool is_whole() const { return !interval_; }  ///< whether it is that of whole()
    std::size_t rows() const { return rows_; }

    /// The arguments `edges` and `labels` of the functions that read periods (sql/migrations). "{7,9}" is 7 <= t < 9.
    std::string edges() const;
    std::optional<std::string> labels() const;

    /// The row of a time, or of any time of sums; rows() when it is of none. A single period needs no time.
    /// Precondition: the time lies between the first and the last edge.
    std::size_t row_at(std::optional<std::int64_t> time) const;

    /// Appends the columns that say of which time a row is. is_local: also the local time, as people read it.
    void append_columns(std::vector<Column>& columns, bool is_local) const;

    /// Adds the cells of these columns. Precondition: row < rows().
    void add_cells(std::size_t row, bool is_local, Answer& answer) const;

  private:
    Series() = default;

    std::optional<Interval> interval_;
    TimeZone zone_;
    std::size_t rows_ = 1;
    std::vector<std::int64_t> edges_;    ///< Unix seconds, ascending, at least two: they cut time into periods
    std::vector<std::size_t> labels_;    ///< the row of each period of a profile
    std::vector<std::int64_t> starts_;   ///< of the buckets, and the end of the last one
    std::vector<std::int64_t> seconds_;  ///< of a profile's rows: how much of the period fell into each
};

/// What start, end, interval, timezone and format ask for.
struct Cut {
    Period period;
    bool has_start = false;  ///< the parameter was given
    bool has_end = false;
    std::optional<Interval> interval;
    TimeZone zone;
    std::size_t most_buckets;
    bool is_csv = false;
    /// The rows; nullopt for a series of which start or end follows from the first or the last call (series_between).
    std::optional<Series> series;

    /// The series from the bucket of the first call until that of the last one, where start or end is not given;
    /// without rows when there are no calls, so that neither has a value; kIntervalTooShort when it has too many
    /// buckets. Precondition: both times lie in the period.
    Result<Series> series_between(std::optional<std::int64_t> first, std::optional<std::int64_t> last) const;

    /// "what-id-from-start-to-end", of start and end only what was given: a name for Answer::name_file().
    std::string file_name(std::string_view what, std::int64_t id) const;
};

/// What a function offers of the intervals.
struct Limits {
    std::size_t most_buckets;
    bool has_profiles;
};

/// Reads interval, timezone and format, in this order. refusals gets invalid(name) for each value that is none of the
/// known ones, and kIntervalTooShort where that can be said without a database. period: that of read_period(), which
/// does not count when refusals has an entry of start or end. When refusals got an entry, the returned Cut must not be
/// used.
Cut read_cut(const Parameters& parameters, const Period& period, const Limits& limits, Refusals& refusals);

}  // namespace core
