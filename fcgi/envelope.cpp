#include "fcgi/envelope.hpp"

#include <json/writer.h>

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fcgi {
namespace {

/// Bytes that an answer's row takes at most as long as its numbers are ordinary; a row may grow beyond.
constexpr std::size_t kUsualRowBytes = 640;

void append(std::string& out, std::int64_t number) {
    char digits[20];  // as many as -2^63 has
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

/// Text from the database: anything but a NUL.
void append_text(std::string& out, const std::string& text) { out += Json::valueToQuotedString(text.c_str()); }

/// Text of our own, which has nothing to escape.
void append_literal(std::string& out, std::string_view text) {
    out += '"';
    out += text;
    out += '"';
}

/// `key` with its quotes, colon and the comma before it: literals, so that nothing is put together at run time.
void append(std::string& out, std::string_view key, std::int64_t number) {
    out += key;
    append(out, number);
}

void append(std::string& out, std::string_view key, const std::optional<std::int64_t>& number) {
    out += key;
    if (number)
        append(out, *number);
    else
        out += "null";
}

/// In the shortest form: 12, 12.5, 12.34.
void append_average(std::string& out, const core::Duration& duration) {
    if (duration.known == 0) {
        out += "null";
        return;
    }
    const std::int64_t hundredths = core::average_in_hundredths(duration.sum, duration.known);
    append(out, hundredths / 100);
    const auto fraction = static_cast<char>(hundredths % 100);
    if (fraction == 0) return;
    out += '.';
    out += static_cast<char>('0' + fraction / 10);
    if (fraction % 10 != 0) out += static_cast<char>('0' + fraction % 10);
}

void append_members(std::string& out, const core::CallStatistics& s) {
    append(out, R"("calls":)", s.calls());
    append(out, R"(,"talktime_sum":)", s.talktime.sum);
    append(out, R"(,"talktime_min":)", s.talktime.min);
    append(out, R"(,"talktime_max":)", s.talktime.max);
    out += R"(,"talktime_avg":)";
    append_average(out, s.talktime);
    append(out, R"(,"calls_answered":)", s.answered);
    append(out, R"(,"calls_in_progress":)", s.in_progress);
    append(out, R"(,"calls_no_answer":)", s.no_answer);
    append(out, R"(,"calls_busy":)", s.busy);
    append(out, R"(,"calls_cancelled":)", s.cancelled);
    append(out, R"(,"calls_answered_elsewhere":)", s.answered_elsewhere);
    append(out, R"(,"calls_failed":)", s.failed);
    append(out, R"(,"ringtime_sum":)", s.ringtime.sum);
    append(out, R"(,"ringtime_min":)", s.ringtime.min);
    append(out, R"(,"ringtime_max":)", s.ringtime.max);
    out += R"(,"ringtime_avg":)";
    append_average(out, s.ringtime);
    append(out, R"(,"holdtime_sum":)", s.holdtime.sum);
    append(out, R"(,"holdtime_min":)", s.holdtime.min);
    append(out, R"(,"holdtime_max":)", s.holdtime.max);
    out += R"(,"holdtime_avg":)";
    append_average(out, s.holdtime);
    append(out, R"(,"first_call":)", s.first_call);
    append(out, R"(,"last_call":)", s.last_call);
}

void append_data(std::string& out, const std::vector<core::DestinationStatistics>& rows) {
    out.reserve(out.size() + rows.size() * kUsualRowBytes);
    out += '[';
    for (const core::DestinationStatistics& row : rows) {
        if (&row != &rows.front()) out += ',';
        out += R"({"dtype":)";
        append_text(out, row.dtype);
        out += R"(,"dnumber":)";
        append_text(out, row.dnumber);
        append(out, R"(,"destination":)", row.destination);
        out += ',';
        append_members(out, row.statistics);
        out += '}';
    }
    out += ']';
}

void append_data(std::string& out, const core::CallStatistics& statistics) {
    out.reserve(out.size() + kUsualRowBytes);
    out += '{';
    append_members(out, statistics);
    out += '}';
}

void append_responses(std::string& out, const core::Errors& entries) {
    out += R"("responses":[)";
    for (const core::Error& entry : entries) {
        if (&entry != &entries.front()) out += ',';
        append(out, R"({"code":")", core::status_of(entry.code));
        out += R"(","key":)";
        append_literal(out, entry.key);
        out += R"(,"message":)";
        append_literal(out, entry.message);
        out += '}';
    }
    out += ']';
}

}  // namespace

std::string success_body(const core::Statistics& statistics) {
    std::string body = "{";
    append_responses(body, {core::refusal(core::Code::kOk)});
    body += R"(,"data":)";
    std::visit([&body](const auto& data) { append_data(body, data); }, statistics);
    body += '}';
    return body;
}

std::string error_body(const core::Errors& errors) {
    std::string body = "{";
    append_responses(body, errors);
    body += '}';
    return body;
}

std::string health_body(bool healthy) { return healthy ? R"({"status":"ok"})" : R"({"status":"unavailable"})"; }

}  // namespace fcgi
