// The date library has the interface of C++20's std::chrono, which GCC 12 does not have for time zones. Its ptz.h is
// not valid C++20 (its names collide with those of std::chrono), so this file is compiled as C++17.
#include "core/time_zone.hpp"

#include <date/ptz.h>
#include <date/tz.h>

#include <algorithm>
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
constexpr std::int64_t kDay = 86400;

/// Hours, minutes and seconds as POSIX writes them: "-1", "3", "2:45".
std::int64_t read_time(const std::string& text) {
    std::int64_t time = 0;
    std::int64_t unit = 3600;
    const bool is_negative = text.front() == '-';
    const char* at = text.c_str() + (is_negative ? 1 : 0);
    for (char* end = nullptr; unit > 0; unit /= 60, at = end + 1) {
        time += std::strtol(at, &end, 10) * unit;
        if (*end != ':') break;
    }
    return is_negative ? -time : time;
}

/// rule with a day added to the times of both changes: "X2Y,M3.5.0/-1,M10.5.0" becomes
/// "X2Y,M3.5.0/23:0:0,M10.5.0/26:0:0".
std::string day_later(const std::string& rule) {
    std::string later;
    std::size_t begin = 0;
    for (bool is_change = false; begin <= rule.size(); is_change = true) {
        const std::size_t comma = std::min(rule.find(',', begin), rule.size());
        const std::string part = rule.substr(begin, comma - begin);
        begin = comma + 1;
        if (!is_change) {
            later = part;
            continue;
        }
        const std::size_t slash = part.find('/');
        const std::int64_t time = (slash == part.npos ? 2 * 3600 : read_time(part.substr(slash + 1))) + kDay;
        later += ',' + part.substr(0, slash) + '/' + std::to_string(time / 3600) + ':' +
                 std::to_string(time / 60 % 60) + ':' + std::to_string(time % 60);
    }
    return later;
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
        std::string rule = last_line(zone.name());
        // ptz.h reads no time before midnight, which Greenland has. A rule of which all is a day later has none.
        if (rule.find("/-") != rule.npos) {
            rule = day_later(rule);
            late_ = kDay;
        }
        if (!rule.empty()) rule_.emplace(rule);
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
