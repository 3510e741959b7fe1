#include "admin/calls/columns.hpp"

#include <algorithm>
#include <charconv>

#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/files/time.hpp"
#include "admin/name.hpp"
#include "core/text.hpp"

namespace admin::calls {
namespace {

bool is_busy(std::string_view outcome) { return outcome == "busy"; }
bool is_unanswered(std::string_view outcome) { return outcome != "answered"; }
bool is_waiting_or_refused(std::string_view outcome) { return outcome == "waiting" || outcome == "refused"; }

constexpr Column kOfferColumns[]{
    {"queue", Content::kQueue},
    {"dtype", Content::kDestination},
    {"dnumber", Content::kDestination},
    {"uniqueid", Content::kUniqueid},
    {"start", Content::kTime},
    {"ringtime", Content::kSeconds, is_busy, "a busy destination never rang, but ringtime is given"},
    {"holdtime", Content::kSeconds, is_unanswered, "holdtime is given, but the call was not answered"},
    {"talktime", Content::kSeconds, is_unanswered, "talktime is given, but the call was not answered"},
    {"outcome", Content::kOutcome},
    {"in_progress", Content::kInProgress},
};
constexpr std::string_view kOfferOutcomes[]{"answered",  "no_answer",          "busy",
                                            "cancelled", "answered_elsewhere", "failed"};

constexpr Column kCallerColumns[]{
    {"queue", Content::kQueue},
    {"uniqueid", Content::kUniqueid},
    {"entered", Content::kTime},
    {"waittime", Content::kSeconds, is_waiting_or_refused,
     "waittime is given, but the caller still waits or never entered"},
    {"talktime", Content::kSeconds, is_unanswered, "talktime is given, but the caller was not answered"},
    {"outcome", Content::kOutcome},
    {"in_progress", Content::kInProgress},
};
constexpr std::string_view kCallerOutcomes[]{"waiting", "answered", "abandoned", "timeout",
                                             "key",     "empty",    "other",     "refused"};

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

/// What is wrong with a field, whatever the other fields are; empty: nothing.
std::string problem_of_field(const Layout& layout, const Column& column, std::string_view field) {
    const std::string name{column.name};
    const auto text_of = [&](std::size_t longest) -> std::string {
        if (!core::is_text(field)) return name + " is not valid UTF-8, or contains a NUL";
        if (longest > 0 && characters(field) > longest)
            return name + " is longer than " + std::to_string(longest) + " characters";
        return {};
    };
    switch (column.content) {
        case Content::kQueue:
            return field.empty() ? name + " is empty" : text_of(kMaxName);
        case Content::kDestination:
            return field.empty() ? name + " is empty" : text_of(0);
        case Content::kUniqueid:
            return text_of(kMaxUniqueid);
        case Content::kTime:
            if (files::read_time(field)) return {};
            return name + " is neither Unix seconds nor ISO 8601 with an offset, in 1970..9999: " + in_quotes(field);
        case Content::kSeconds:
            if (field.empty() || is_seconds(field)) return {};
            return name + " is no whole number of seconds in 0..2147483647: " + in_quotes(field);
        case Content::kOutcome: {
            if (std::ranges::find(layout.outcomes, field) != layout.outcomes.end()) return {};
            std::string all;
            for (const std::string_view outcome : layout.outcomes) all.append(all.empty() ? "" : ", ").append(outcome);
            return name + " is none of " + all + ": " + in_quotes(field);
        }
        case Content::kInProgress:
            return read_boolean(field) ? "" : name + " is neither true nor false: " + in_quotes(field);
    }
    return {};
}

void append_field(const Column& column, std::string_view field, std::string& out) {
    switch (column.content) {
        case Content::kTime:
            files::append_time(out, files::read_time(field).value_or(0));
            return;
        case Content::kSeconds:
            out += field.empty() ? "\\N" : field;
            return;
        case Content::kInProgress:
            out += read_boolean(field).value_or(false) ? 't' : 'f';
            return;
        default:
            console::append_escaped(out, field);
    }
}

}  // namespace

const Layout kOfferLayout{"call", kOfferColumns, kOfferOutcomes};
const Layout kCallerLayout{"caller", kCallerColumns, kCallerOutcomes};

CsvColumns::CsvColumns(const Layout& layout, const std::vector<std::string>& header)
    : layout_{layout}, position_(layout.columns.size()), count_{header.size()} {
    std::string wrong;
    for (std::size_t i = 0; i < header.size(); ++i) {
        const auto found = std::ranges::find(layout.columns, header[i], &Column::name);
        if (found == layout.columns.end()) {
            wrong += "\n  unknown: " + in_quotes(header[i]);
            continue;
        }
        auto& position = position_[static_cast<std::size_t>(found - layout.columns.begin())];
        if (position) wrong += "\n  twice: " + header[i];
        position = i;
    }
    std::string needed;
    for (std::size_t i = 0; i < layout.columns.size(); ++i) {
        const Column& column = layout.columns[i];
        if (column.content == Content::kInProgress) continue;
        needed.append(needed.empty() ? "" : ",").append(column.name);
        if (!position_[i]) wrong.append("\n  missing: ").append(column.name);
    }
    if (wrong.empty()) return;
    throw console::Refusal{"the header line does not name the columns:" + wrong +
                           "\nThe columns are, in any order: " + needed + " and, if need be, in_progress"};
}

std::string_view CsvColumns::field(std::size_t column, const std::vector<std::string>& fields) const {
    return position_[column] ? std::string_view{fields[*position_[column]]} : std::string_view{};
}

std::string CsvColumns::find_problem(const std::vector<std::string>& fields) const {
    if (fields.size() != count_)
        return console::counted(static_cast<std::int64_t>(fields.size()), "field", "fields") +
               ", but the header line has " + std::to_string(count_);
    std::string_view outcome;
    bool in_progress = false;
    bool has_talktime = false;
    std::size_t destination_bytes = 0;
    for (std::size_t i = 0; i < layout_.columns.size(); ++i) {
        const Column& column = layout_.columns[i];
        const std::string_view text = field(i, fields);
        std::string problem = problem_of_field(layout_, column, text);
        if (!problem.empty()) return problem;
        if (column.content == Content::kDestination) destination_bytes += text.size();
        if (column.content == Content::kOutcome) outcome = text;
        if (column.content == Content::kInProgress) in_progress = read_boolean(text).value_or(false);
        if (column.name == "talktime") has_talktime = !text.empty();
    }
    if (destination_bytes > kMaxDestinationBytes)
        return "dtype and dnumber are longer than " + std::to_string(kMaxDestinationBytes) + " bytes together";
    for (std::size_t i = 0; i < layout_.columns.size(); ++i) {
        const Column& column = layout_.columns[i];
        if (column.is_refused != nullptr && column.is_refused(outcome) && !field(i, fields).empty())
            return std::string{column.problem};
    }
    if (in_progress && is_unanswered(outcome))
        return "in_progress is true, but the " + std::string{layout_.subject} + " was not answered";
    if (in_progress && has_talktime) return "in_progress is true, but talktime is given";
    return {};
}

std::string CsvColumns::append(std::int64_t line, const std::vector<std::string>& fields, std::string& out) const {
    std::string problem = find_problem(fields);
    if (!problem.empty()) return problem;
    out += std::to_string(line);
    for (std::size_t i = 0; i < layout_.columns.size(); ++i) {
        out += '\t';
        append_field(layout_.columns[i], field(i, fields), out);
    }
    out += '\n';
    return {};
}

}  // namespace admin::calls
