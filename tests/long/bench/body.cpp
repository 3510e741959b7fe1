// What the body of an answer costs: ours against the same as jsoncpp objects, the usual way to write one. Prints the
// two medians as JSON, in microseconds: {"ours_us": 8.1, "jsoncpp_us": 145.2}

#include <json/json.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fcgi/envelope.hpp"

namespace {

constexpr int kRows = 25;
constexpr int kRounds = 21;
constexpr int kBodies = 1000;  // a round

std::vector<core::DestinationStatistics> rows() {
    std::vector<core::DestinationStatistics> rows;
    for (int i = 0; i < kRows; ++i) {
        core::DestinationStatistics row;
        row.destination = 100 + i;
        row.dtype = "phone";
        row.dnumber = std::to_string(1234567 + i);
        row.statistics.answered = 40 + i;
        row.statistics.no_answer = 11;
        row.statistics.busy = 5;
        row.statistics.cancelled = 7;
        row.statistics.failed = i % 2;
        row.statistics.talktime = {40 + i, 7201 + i, 3, 912};
        row.statistics.ringtime = {58 + i, 903 + i, 0, 74};
        row.statistics.holdtime = {40 + i, 2402 + i, 1, 301};
        row.statistics.first_call = 1230000000 + i;
        row.statistics.last_call = 1230080000 + i;
        rows.push_back(row);
    }
    return rows;
}

Json::Value value(std::optional<std::int64_t> number) {
    return number ? Json::Value{static_cast<Json::Int64>(*number)} : Json::Value{};
}

void add(Json::Value& object, const std::string& name, const core::Duration& duration) {
    object[name + "_sum"] = static_cast<Json::Int64>(duration.sum);
    object[name + "_min"] = value(duration.min);
    object[name + "_max"] = value(duration.max);
    object[name + "_avg"] =
        duration.known == 0
            ? Json::Value{}
            : Json::Value{static_cast<double>(core::average_in_hundredths(duration.sum, duration.known)) / 100};
}

std::string by_objects(const std::vector<core::DestinationStatistics>& rows) {
    Json::Value entry;
    entry["code"] = "200";
    entry["key"] = "";
    entry["message"] = "OK";
    Json::Value root;
    root["responses"].append(entry);
    root["data"] = Json::arrayValue;
    for (const core::DestinationStatistics& row : rows) {
        const core::CallStatistics& s = row.statistics;
        Json::Value object;
        object["dtype"] = row.dtype;
        object["dnumber"] = row.dnumber;
        object["destination"] = static_cast<Json::Int64>(row.destination);
        object["calls"] = static_cast<Json::Int64>(s.calls());
        add(object, "talktime", s.talktime);
        object["calls_answered"] = static_cast<Json::Int64>(s.answered);
        object["calls_in_progress"] = static_cast<Json::Int64>(s.in_progress);
        object["calls_no_answer"] = static_cast<Json::Int64>(s.no_answer);
        object["calls_busy"] = static_cast<Json::Int64>(s.busy);
        object["calls_cancelled"] = static_cast<Json::Int64>(s.cancelled);
        object["calls_answered_elsewhere"] = static_cast<Json::Int64>(s.answered_elsewhere);
        object["calls_failed"] = static_cast<Json::Int64>(s.failed);
        add(object, "ringtime", s.ringtime);
        add(object, "holdtime", s.holdtime);
        object["first_call"] = value(s.first_call);
        object["last_call"] = value(s.last_call);
        root["data"].append(object);
    }
    Json::StreamWriterBuilder builder;
    builder["indentation"] = "";
    builder["precision"] = 2;
    builder["precisionType"] = "decimal";
    return Json::writeString(builder, root);
}

double round_of(const std::function<std::string()>& body) {
    const auto start = std::chrono::steady_clock::now();
    std::size_t bytes = 0;
    for (int i = 0; i < kBodies; ++i) bytes += body().size();
    const std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - start;
    return bytes == 0 ? 0 : time.count() / kBodies;
}

double median(std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
    return values[values.size() / 2];
}

}  // namespace

int main() {
    const std::vector<core::DestinationStatistics> data = rows();
    const core::Statistics statistics{data};
    std::vector<double> ours, objects;
    for (int i = 0; i < kRounds; ++i) {  // in turn
        ours.push_back(round_of([&] { return fcgi::success_body(statistics); }));
        objects.push_back(round_of([&] { return by_objects(data); }));
    }
    std::printf("{\"ours_us\": %.2f, \"jsoncpp_us\": %.2f}\n", median(ours), median(objects));
}
