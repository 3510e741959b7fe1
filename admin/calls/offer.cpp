#include "admin/calls/offer.hpp"

#include <algorithm>
#include <charconv>

#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/files/time.hpp"
#include "admin/name.hpp"
#include "core/text.hpp"

namespace admin::calls {
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

bool is_digit(char c) { return c >= '0' && c <= '9'; }

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

OfferColumns::OfferColumns(const std::vector<std::string>& header) : count_{header.size()} {
    std::string wrong;
    for (std::size_t i = 0; i < header.size(); ++i) {
        const auto* const found = std::ranges::find(kColumnNames, header[i]);
        if (found == kColumnNames.end()) {
            wrong += "\n  unknown: " + in_quotes(header[i]);
            continue;
        }
        auto& position = position_[static_cast<std::size_t>(found - kColumnNames.begin())];
        if (position) wrong += "\n  twice: " + header[i];
        position = i;
    }
    for (std::size_t i = 0; i < kInProgress; ++i)
        if (!position_[i]) wrong += "\n  missing: " + std::string{kColumnNames[i]};
    if (wrong.empty()) return;
    throw console::Refusal{
        "the header line does not name the columns:" + wrong +
        "\nThe columns are, in any order: queue,dtype,dnumber,uniqueid,start,ringtime,holdtime,talktime,"
        "outcome and, if need be, in_progress"};
}

std::string OfferColumns::append(std::int64_t line, const std::vector<std::string>& fields, std::string& out) const {
    if (fields.size() != count_)
        return console::counted(static_cast<std::int64_t>(fields.size()), "field", "fields") +
               ", but the header line has " + std::to_string(count_);
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
    const auto start = files::read_time(field(kStart));
    if (!start)
        return "start is neither Unix seconds nor ISO 8601 with an offset, in 1970..9999: " + in_quotes(field(kStart));
    for (const Column column : {kRingtime, kHoldtime, kTalktime})
        if (!field(column).empty() && !is_seconds(field(column)))
            return name_of(column) + " is no whole number of seconds in 0..2147483647: " + in_quotes(field(column));
    const std::string_view outcome = field(kOutcome);
    if (std::ranges::find(kOutcomes, outcome) == kOutcomes.end())
        return "outcome is none of answered, no_answer, busy, cancelled, answered_elsewhere, failed: " +
               in_quotes(outcome);
    const auto in_progress = read_boolean(field(kInProgress));
    if (!in_progress) return "in_progress is neither true nor false: " + in_quotes(field(kInProgress));
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
        console::append_escaped(out, field(column));
    }
    out += '\t';
    files::append_time(out, *start);
    for (const Column column : {kRingtime, kHoldtime, kTalktime}) {
        out += '\t';
        out += field(column).empty() ? "\\N" : field(column);
    }
    out += '\t';
    out += outcome;
    out += *in_progress ? "\tt\n" : "\tf\n";
    return {};
}

}  // namespace admin::calls
