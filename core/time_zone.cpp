// The date library has the interface of C++20's std::chrono, which GCC 12 does not have for time zones. Its ptz.h is
// not valid C++20 (its names collide with those of std::chrono), so this file is compiled as C++17.
#include "core/time_zone.hpp"

#include <date/ptz.h>
#include <date/tz.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <string>

namespace core {
namespace {

using std::chrono::seconds;

constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

/// Seconds from midnight to a change of a rule: -3600 for "M3.5.0/-1", 9900 for "M3.5.0/2:45", 7200 (2:00) for
/// "M3.5.0".
std::int64_t time_of(const std::string& change) {
    const std::size_t slash = change.find('/');
    if (slash == change.npos) return 2 * 3600;
    std::int64_t time = 0;
    std::int64_t unit = 3600;
    const bool is_negative = change[slash + 1] == '-';
    const char* at = change.c_str() + slash + (is_negative ? 2 : 1);
    for (char* end = nullptr; unit > 0; unit /= 60, at = end + 1) {
        time += std::strtol(at, &end, 10) * unit;
        if (*end != ':') break;
    }
    return is_negative ? -time : time;
}

/// A rule in POSIX's form.
struct Rule {
    std::string text;
    std::int64_t late = 0;  ///< seconds by which both changes are later than they should be
};

/// The rule with the change that has the earlier time at midnight, and the other one moved as far: of
/// "X2Y,M3.5.0/-1,M10.5.0" the rule "X2Y,M3.5.0/0:0:0,M10.5.0/3:0:0", an hour late. ptz.h reads no time before
/// midnight, which Greenland has, and in Debian 13 none past 24:00, which Israel has.
Rule from_midnight(const std::string& rule) {
    const std::size_t first = rule.find(',');
    const std::size_t second = rule.find(',', first + 1);
    if (first == rule.npos || second == rule.npos) return {rule};
    const std::array changes{rule.substr(first + 1, second - first - 1), rule.substr(second + 1)};
    const std::int64_t earliest = std::min(time_of(changes[0]), time_of(changes[1]));
    Rule moved{rule.substr(0, first), -earliest};
    for (const auto& change : changes) {
        const std::int64_t time = time_of(change) - earliest;
        moved.text += ',' + change.substr(0, change.find('/')) + '/' + std::to_string(time / 3600) + ':' +
                      std::to_string(time / 60 % 60) + ':' + std::to_string(time % 60);
    }
    return moved;
}

/// The last line of a zone's file: the rule, in POSIX's form, for all times after the file's last change (RFC 8536,
/// section 3.3). The library does not read it, and Debian's files mostly end in 2037.
std::string last_line(const std::string& name) {
    std::ifstream file{"/usr/share/zoneinfo/" + name, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (text.empty() || text.back() != '\n') return {};
    text.pop_back();
    return text.substr(text.rfind('\n') + 1);
}

}  // namespace

/// A zone's changes of the offset: those in its file, and after them its rule.
class TimeZone::Rules {
  public:
    explicit Rules(const date::time_zone& zone) : zone_{zone} {
        const Rule rule = from_midnight(last_line(zone.name()));
        if (rule.text.empty()) return;
        rule_.emplace(rule.text);
        late_ = rule.late;
    }

    Stretch stretch_from(std::int64_t time) const {
        Stretch found = unmerged(time);
        // A change of the name or of what counts as summer time leaves the offset as it is.
        while (found.end < kForever) {
            const Stretch next = unmerged(found.end);
            if (next.offset != found.offset) break;
            found.end = next.end;
        }
        return found;
    }

  private:
    static constexpr date::sys_days kEndOfTime{date::year::max() / date::December / date::last};

    Stretch unmerged(std::int64_t time) const {
        date::sys_info info = zone_.get_info(date::sys_seconds{seconds{time}});
        std::int64_t late = 0;
        if (info.end >= kEndOfTime && rule_) {
            late = late_;
            info = rule_->get_info(date::sys_seconds{seconds{time + late}});
        }
        const std::int64_t end = info.end >= kEndOfTime ? kForever : info.end.time_since_epoch().count() - late;
        return {end, info.offset.count()};
    }

    const date::time_zone& zone_;
    std::optional<Posix::time_zone> rule_;
    std::int64_t late_ = 0;  ///< seconds by which all of rule_ is later than it should be
};

std::optional<TimeZone> TimeZone::find(std::string_view name) {
    static std::map<std::string, Rules, std::less<>> known;
    if (const auto found = known.find(name); found != known.end()) return TimeZone{found->second};
    if (name == "localtime") return std::nullopt;  // the library leaves out all other files that are no zones
    const auto& zones = date::get_tzdb().zones;
    const auto zone = std::lower_bound(zones.begin(), zones.end(), name,
                                       [](const auto& each, std::string_view wanted) { return each.name() < wanted; });
    if (zone == zones.end() || zone->name() != name) return std::nullopt;
    return TimeZone{known.emplace(name, *zone).first->second};
}

TimeZone::Stretch TimeZone::stretch_from(std::int64_t time) const {
    if (rules_ == nullptr) return {kForever, 0};
    if (time < begin_ || time >= last_.end) {
        last_ = rules_->stretch_from(time);
        begin_ = time;
    }
    return last_;
}

}  // namespace core
