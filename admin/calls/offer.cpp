#include "admin/calls/offer.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <limits>

#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/site/destination.hpp"
#include "core/query_string.hpp"
#include "core/statistics.hpp"

namespace admin {
namespace {

enum Column : std::size_t {
    kQueue,
    kDtype,
    kDnumber,
    kUniqueid,
    kStart,
    kRingtime,
    kHoldtime,
    kTalktime,
    kOutcome,
    kInProgress,
};

constexpr std::array<std::string_view, 10> kColumnNames{"queue",    "dtype",    "dnumber",  "uniqueid", "start",
                                                        "ringtime", "holdtime", "talktime", "outcome",  "in_progress"};
constexpr std::array<std::string_view, 6> kOutcomes{"answered",  "no_answer",          "busy",
                                                    "cancelled", "answered_elsewhere", "failed"};

constexpr std::size_t kMaxUniqueid = 255;  // characters
constexpr std::int64_t kMicroseconds = 1'000'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes the digits at the front of text: between least and most of them. Nothing when there are fewer.
std::optional<std::int64_t> take_number(std::string_view& text, std::size_t least, std::size_t most) {
    std::size_t length = 0;
    std::int64_t number = 0;
    while (length < text.size() && length < most && is_digit(text[length]))
        number = number * 10 + (text[length++] - '0');
    if (length < least) return std::nullopt;
    text.remove_prefix(length);
    return number;
}

/// Takes the first character when it is one of `allowed`.
bool take(std::string_view& text, std::string_view allowed) {
    if (text.empty() || allowed.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

/// Takes a fraction of a second, if there is one, in microseconds; further digits are dropped. Nothing: a point without
/// digits.
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

/// Takes Z, +hh, +hhmm or +hh:mm, in seconds east of Greenwich.
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

/// As PostgreSQL reads it whatever its settings; time is one that read_time() gave.
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

bool is_seconds(std::string_view text) {
    std::int32_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    return error == std::errc{} && end == text.data() + text.size() && is_digit(text.front());
}

std::optional<bool> read_boolean(std::string_view text) {
    if (text.empty() || text == "false" || text == "f" || text == "0") return false;
    if (text == "true" || text == "t" || text == "1") return true;
    return std::nullopt;
}

std::string name_of(Column column) { return std::string{kColumnNames[column]}; }

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
    if (time && (*time < 0 || *time >= (core::kMaxTime + 1) * kMicroseconds)) return std::nullopt;
    return time;
}

OfferColumns::OfferColumns(const std::vector<std::string>& header) : count_{header.size()} {
    std::string wrong;
    for (std::size_t i = 0; i < header.size(); ++i) {
        const auto* const found = std::ranges::find(kColumnNames, header[i]);
        if (found == kColumnNames.end()) {
            wrong += "\n  unknown: " + quoted(header[i]);
            continue;
        }
        auto& position = position_[static_cast<std::size_t>(found - kColumnNames.begin())];
        if (position) wrong += "\n  twice: " + header[i];
        position = i;
    }
    for (std::size_t i = 0; i < kInProgress; ++i)
        if (!position_[i]) wrong += "\n  missing: " + std::string{kColumnNames[i]};
    if (wrong.empty()) return;
    throw Refusal{"the header line does not name the columns:" + wrong +
                  "\nThe columns are, in any order: queue,dtype,dnumber,uniqueid,start,ringtime,holdtime,talktime,"
                  "outcome and, if need be, in_progress"};
}

std::string OfferColumns::append(std::int64_t line, const std::vector<std::string>& fields, std::string& out) const {
    if (fields.size() != count_)
        return counted(static_cast<std::int64_t>(fields.size()), "field", "fields") + ", but the header line has " +
               std::to_string(count_);
    const auto field = [&](Column column) {
        return position_[column] ? std::string_view{fields[*position_[column]]} : std::string_view{};
    };
    for (const Column column : {kQueue, kDtype, kDnumber, kUniqueid}) {
        if (field(column).empty() && column != kUniqueid) return name_of(column) + " is empty";
        if (!core::is_text(field(column))) return name_of(column) + " is not valid UTF-8, or contains a NUL";
    }
    if (characters(field(kQueue)) > kMaxName) return "queue is longer than 255 characters";
    if (field(kDtype).size() + field(kDnumber).size() > kMaxDestinationBytes)
        return "dtype and dnumber are longer than " + std::to_string(kMaxDestinationBytes) + " bytes together";
    if (characters(field(kUniqueid)) > kMaxUniqueid) return "uniqueid is longer than 255 characters";
    const auto start = read_time(field(kStart));
    if (!start)
        return "start is neither Unix seconds nor ISO 8601 with an offset, in 1970..9999: " + quoted(field(kStart));
    for (const Column column : {kRingtime, kHoldtime, kTalktime})
        if (!field(column).empty() && !is_seconds(field(column)))
            return name_of(column) + " is no whole number of seconds in 0..2147483647: " + quoted(field(column));
    const std::string_view outcome = field(kOutcome);
    if (std::ranges::find(kOutcomes, outcome) == kOutcomes.end())
        return "outcome is none of answered, no_answer, busy, cancelled, answered_elsewhere, failed: " +
               quoted(outcome);
    const auto in_progress = read_boolean(field(kInProgress));
    if (!in_progress) return "in_progress is neither true nor false: " + quoted(field(kInProgress));
    if (outcome == "busy" && !field(kRingtime).empty()) return "a busy destination never rang, but ringtime is given";
    if (outcome != "answered") {
        for (const Column column : {kHoldtime, kTalktime})
            if (!field(column).empty()) return name_of(column) + " is given, but the call was not answered";
        if (*in_progress) return "in_progress is true, but the call was not answered";
    }
    if (*in_progress && !field(kTalktime).empty()) return "in_progress is true, but talktime is given";

    out += std::to_string(line);
    for (const Column column : {kQueue, kDtype, kDnumber, kUniqueid}) {
        out += '\t';
        append_escaped(out, field(column));
    }
    out += '\t';
    append_time(out, *start);
    for (const Column column : {kRingtime, kHoldtime, kTalktime}) {
        out += '\t';
        out += field(column).empty() ? "\\N" : field(column);
    }
    out += '\t';
    out += outcome;
    out += *in_progress ? "\tt\n" : "\tf\n";
    return {};
}

}  // namespace admin
