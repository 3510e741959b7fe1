// Measures the time to make the body of an answer of 25 rows from their numbers: by http/json, and by jsoncpp's
// objects, as most programs do. Prints both medians as JSON, in microseconds per body: {"ours_us": 8.1, "jsoncpp_us":
// 145.2}

#include <json/json.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/figures.hpp"
#include "core/table.hpp"
#include "http/json.hpp"

namespace {

constexpr int kRows = 25;
constexpr int kRounds = 21;
constexpr int kBodies = 1000;  // per round

struct Duration {
    std::int64_t known, sum, min, max;
};

/// The figures of a row as a database returns them.
struct Row {
    std::int64_t destination;
    std::string dnumber;
    std::int64_t answered, no_answer, busy, cancelled, failed;
    Duration talktime, ringtime, holdtime;
    std::int64_t first_call, last_call;

    std::int64_t calls() const { return answered + no_answer + busy + cancelled + failed; }
};

std::vector<Row> make_rows() {
    std::vector<Row> rows;
    for (int i = 0; i < kRows; ++i)
        rows.push_back({100 + i,
                        std::to_string(1234567 + i),
                        40 + i,
                        11,
                        5,
                        7,
                        i % 2,
                        {40 + i, 7201 + i, 3, 912},
                        {58 + i, 903 + i, 0, 74},
                        {40 + i, 2402 + i, 1, 301},
                        1230000000 + i,
                        1230080000 + i});
    return rows;
}

void add(core::Answer& answer, const Duration& duration) {
    for (const std::int64_t number : {duration.sum, duration.min, duration.max}) answer.add(number);
    answer.add(core::Cell{core::Cell::Kind::kHundredths, core::average_in_hundredths(duration.sum, duration.known)});
}

std::string by_table(const std::vector<Row>& rows) {
    std::vector<core::Column> columns{{"dtype"}, {"dnumber"}, {"destination"}};
    core::append_columns(columns, core::offer_figures());
    core::Answer answer{core::Answer::Shape::kArray, std::move(columns)};
    answer.reserve(rows.size());
    for (const Row& row : rows) {
        answer.add(std::string_view{"phone"});
        answer.add(std::string_view{row.dnumber});
        answer.add(row.destination);
        answer.add(row.calls());
        add(answer, row.talktime);
        for (const std::int64_t count :
             {row.answered, std::int64_t{0}, row.no_answer, row.busy, row.cancelled, std::int64_t{0}, row.failed})
            answer.add(count);
        add(answer, row.ringtime);
        add(answer, row.holdtime);
        answer.add(row.first_call);
        answer.add(row.last_call);
    }
    return http::answer_body(answer);
}

Json::Value value(std::int64_t number) { return static_cast<Json::Int64>(number); }

void add(Json::Value& object, const std::string& name, const Duration& duration) {
    object[name + "_sum"] = value(duration.sum);
    object[name + "_min"] = value(duration.min);
    object[name + "_max"] = value(duration.max);
    object[name + "_avg"] = static_cast<double>(core::average_in_hundredths(duration.sum, duration.known)) / 100;
}

std::string by_objects(const std::vector<Row>& rows) {
    Json::Value entry;
    entry["code"] = "200";
    entry["key"] = "";
    entry["message"] = "OK";
    Json::Value root;
    root["responses"].append(entry);
    root["data"] = Json::arrayValue;
    for (const Row& row : rows) {
        Json::Value object;
        object["dtype"] = "phone";
        object["dnumber"] = row.dnumber;
        object["destination"] = value(row.destination);
        object["calls"] = value(row.calls());
        add(object, "talktime", row.talktime);
        object["calls_answered"] = value(row.answered);
        object["calls_in_progress"] = value(0);
        object["calls_no_answer"] = value(row.no_answer);
        object["calls_busy"] = value(row.busy);
        object["calls_cancelled"] = value(row.cancelled);
        object["calls_answered_elsewhere"] = value(0);
        object["calls_failed"] = value(row.failed);
        add(object, "ringtime", row.ringtime);
        add(object, "holdtime", row.holdtime);
        object["first_call"] = value(row.first_call);
        object["last_call"] = value(row.last_call);
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
    const std::vector<Row> rows = make_rows();
    std::vector<double> ours, objects;
    for (int i = 0; i < kRounds; ++i) {  // in turn, so that a slow moment of the machine hits both
        ours.push_back(round_of([&] { return by_table(rows); }));
        objects.push_back(round_of([&] { return by_objects(rows); }));
    }
    std::printf("{\"ours_us\": %.2f, \"jsoncpp_us\": %.2f}\n", median(ours), median(objects));
}
