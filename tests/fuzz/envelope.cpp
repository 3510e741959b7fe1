#include "fcgi/envelope.hpp"

#include <algorithm>
#include <cstring>

#include "core/query_string.hpp"
#include "tests/fuzz/contract.hpp"

namespace {

std::int64_t take_number(std::string_view& input) {
    std::uint64_t number = 0;
    const std::size_t size = std::min(input.size(), sizeof number);
    std::memcpy(&number, input.data(), size);
    input.remove_prefix(size);
    return static_cast<std::int64_t>(number >> 1);
}

core::Duration take_duration(std::string_view& input) {
    core::Duration duration;
    duration.known = take_number(input) >> 31;  // at least 2^31 fewer than seconds, as stored calls have it
    if (duration.known == 0) return duration;
    duration.sum = take_number(input) >> 7;
    duration.min = take_number(input);
    duration.max = take_number(input);
    return duration;
}

core::CallStatistics take_statistics(std::string_view& input) {
    core::CallStatistics s;
    for (std::int64_t* const count :
         {&s.answered, &s.in_progress, &s.no_answer, &s.busy, &s.cancelled, &s.answered_elsewhere, &s.failed})
        *count = take_number(input) / 8;
    s.talktime = take_duration(input);
    s.ringtime = take_duration(input);
    s.holdtime = take_duration(input);
    if (!input.empty()) s.first_call = take_number(input);
    if (!input.empty()) s.last_call = take_number(input);
    return s;
}

void check_duration(const Json::Value& data, const std::string& name, const core::Duration& duration) {
    MUST(data[name + "_sum"].asInt64() == duration.sum);
    MUST(data[name + "_min"].isNull() ? !duration.min : data[name + "_min"].asInt64() == duration.min);
    MUST(data[name + "_max"].isNull() ? !duration.max : data[name + "_max"].asInt64() == duration.max);
    MUST(data[name + "_avg"].isNumeric() == (duration.known > 0));
}

void check_statistics(const Json::Value& data, const core::CallStatistics& s) {
    MUST(data["calls"].asInt64() == s.calls() && data["calls_answered"].asInt64() == s.answered);
    MUST(data["calls_in_progress"].asInt64() == s.in_progress && data["calls_failed"].asInt64() == s.failed);
    check_duration(data, "talktime", s.talktime);
    check_duration(data, "ringtime", s.ringtime);
    check_duration(data, "holdtime", s.holdtime);
    MUST(data["first_call"].isNull() ? !s.first_call : data["first_call"].asInt64() == s.first_call);
    MUST(data["last_call"].isNull() ? !s.last_call : data["last_call"].asInt64() == s.last_call);
}

}  // namespace

/// The input is two texts, a line each, and the bytes of the figures.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input = fuzz::text_of(data, size);
    std::vector<core::DestinationStatistics> rows;
    while (!input.empty()) {
        core::DestinationStatistics row;
        row.dtype = fuzz::take(input);
        row.dnumber = fuzz::take(input);
        if (!core::is_text(row.dtype) || !core::is_text(row.dnumber)) return 0;  // no database has such text
        row.destination = take_number(input);
        row.statistics = take_statistics(input);
        rows.push_back(row);
    }
    const Json::Value queue = fuzz::parsed(fcgi::success_body(rows));
    MUST(queue["data"].isArray() && queue["data"].size() == rows.size());
    for (Json::ArrayIndex i = 0; i < rows.size(); ++i) {
        const Json::Value& row = queue["data"][i];
        MUST(row["dtype"].asString() == rows[i].dtype && row["dnumber"].asString() == rows[i].dnumber);
        MUST(row["destination"].asInt64() == rows[i].destination && row.size() == 25);
        check_statistics(row, rows[i].statistics);
        const Json::Value destination = fuzz::parsed(fcgi::success_body(rows[i].statistics));
        MUST(destination["data"].size() == 22);
        check_statistics(destination["data"], rows[i].statistics);
    }
    return 0;
}
