#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace core {

/// The offset of a time zone from UTC at any time, by the zone database of the machine (/usr/share/zoneinfo, Debian's
/// tzdata). Times are Unix seconds. A process reads a zone once: new rules count after a restart. Cheap to
/// copy. Not thread-safe.
///
/// This header is plain C++17: time_zone.cpp is compiled as that.
class TimeZone {
  public:
    /// A time without a change of the offset.
    struct Stretch {
        std::int64_t end;     ///< exclusive: from here on the offset is another one, or no change is known
        std::int64_t offset;  ///< local time - UTC, in seconds; less than a day either way
    };

    /// UTC. Needs no zone database.
    TimeZone() = default;

    /// The zone of that name, such as "Europe/Berlin" or the old "Asia/Calcutta"; nullopt when the database has none.
    /// Names are exact, letter case included. Files that are no zone of the database have no name: `localtime`,
    /// `posixrules`, `Factory`, and what is below `posix/` and `right/`. Throws when there is no database.
    static std::optional<TimeZone> find(std::string_view name);

    /// What follows time, until the offset changes.
    Stretch stretch_from(std::int64_t time) const;

  private:
    class Rules;

    explicit TimeZone(const Rules& rules) : rules_{&rules} {}

    const Rules* rules_ = nullptr;  ///< nullptr: UTC; lives as long as the program
    mutable std::int64_t begin_ = 0;
    mutable Stretch last_{0, 0};  ///< what the last call returned; it begins at begin_
};

}  // namespace core
