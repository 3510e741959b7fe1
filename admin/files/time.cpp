#include "admin/files/time.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace admin::files {
namespace {

constexpr std::int64_t kMicroseconds = 1'000'000;
constexpr std::int64_t kEnd =  // of the year 9999
    std::chrono::sys_seconds{std::chrono::sys_days{std::chrono::year{10000} / 1 / 1}}.time_since_epoch().count() *
    kMicroseconds;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes up to `most` digits from the front of text. Returns nullopt when there are fewer than `least`.
std::optional<std::int64_t> take_number(std::string_view& text, std::size_t least, std::size_t most) {
    std::size_t length = 0;
    std::int64_t number = 0;
    while (length < text.size() && length < most && is_digit(text[length]))
        number = number * 10 + (text[length++] - '0');
    if (length < least) return std::nullopt;
    text.remove_prefix(length);
    return number;
}

/// Takes the first character when it is one of `allowed`. Returns whether it was.
bool take(std::string_view& text, std::string_view allowed) {
    if (text.empty() || allowed.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

/// Takes a fraction of a second from the front of text and returns it in microseconds; digits after the sixth are
/// dropped. Returns 0 when there is no fraction, and nullopt for a point without digits.
std::optional<std::int64_t> take_fraction(std::string_view& text) {
    if (!take(text, ".")) return 0;
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
    std::int64_t fraction = 0;
    std::int64_t unit = kMicroseconds;
    for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
        unit /= 10;
        fraction += unit * (text.front() - '0');
    }
    return fraction;
}

/// Takes Z, +hh, +hhmm or +hh:mm (or -) from the front of text and returns the seconds east of Greenwich. Returns
/// nullopt for anything else.
std::optional<std::int64_t> take_offset(std::string_view& text) {
    if (take(text, "Zz")) return 0;
    const bool west = text.starts_with('-');
    if (!take(text, "+-")) return std::nullopt;
    const auto hours = take_number(text, 2, 2);
    if (!hours || *hours > 23) return std::nullopt;
    std::optional<std::int64_t> minutes = 0;
    if (!text.empty()) {
        take(text, ":");
        minutes = take_number(text, 2, 2);
    }
    if (!minutes || *minutes > 59) return std::nullopt;
    const std::int64_t seconds = *hours * 3600 + *minutes * 60;
    return west ? -seconds : seconds;
}

std::optional<std::int64_t> read_iso_time(std::string_view text) {
    const auto year = take_number(text, 4, 4);
    if (!year || !take(text, "-")) return std::nullopt;
    const auto month = take_number(text, 2, 2);
    if (!month || !take(text, "-")) return std::nullopt;
    const auto day = take_number(text, 2, 2);
    if (!day || !take(text, "Tt ")) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    const auto hour = take_number(text, 2, 2);
    if (!date.ok() || !hour || *hour > 23 || !take(text, ":")) return std::nullopt;
    const auto minute = take_number(text, 2, 2);
    if (!minute || *minute > 59) return std::nullopt;
    std::optional<std::int64_t> second = 0;
    std::optional<std::int64_t> fraction = 0;
    if (take(text, ":")) {
        second = take_number(text, 2, 2);
        fraction = take_fraction(text);
    }
    if (!second || *second > 59 || !fraction) return std::nullopt;
    const auto offset = take_offset(text);
    if (!offset || !text.empty()) return std::nullopt;
    const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
    return (days * 86400 + *hour * 3600 + *minute * 60 + *second - *offset) * kMicroseconds + *fraction;
}

}  // namespace

std::optional<std::int64_t> read_time(std::string_view text) {
    std::string_view rest = text;
    std::optional<std::int64_t> time;
    const auto seconds = take_number(rest, 1, 12);
    const auto fraction = take_fraction(rest);
    if (seconds && fraction && rest.empty())
        time = *seconds * kMicroseconds + *fraction;
    else
        time = read_iso_time(text);
    if (time && (*time < 0 || *time >= kEnd)) return std::nullopt;
    return time;
}

void append_time(std::string& out, std::int64_t time) {
    const std::chrono::sys_seconds seconds{std::chrono::seconds{time / kMicroseconds}};
    const auto days = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::year_month_day date{days};
    const std::chrono::hh_mm_ss clock{seconds - days};
    std::array<char, 64> text{};
    const int length =
        std::snprintf(text.data(), text.size(), "%04d-%02u-%02u %02d:%02d:%02d.%06d+00", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                      static_cast<int>(clock.seconds().count()), static_cast<int>(time % kMicroseconds));
    out.append(text.data(), static_cast<std::size_t>(length));
}

}  // namespace admin::files
