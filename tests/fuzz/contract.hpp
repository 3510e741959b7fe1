#pragma once

#include <json/reader.h>

#include <map>
#include <memory>
#include <set>
#include <string>

#include "http/metrics.hpp"
#include "tests/fuzz/fuzz.hpp"

/// What holds for every answer to a client, whatever the request.
namespace fuzz {

/// The body as an independent parser reads it, which accepts only valid JSON.
inline Json::Value parsed(std::string_view body) {
    Json::CharReaderBuilder strict;
    Json::CharReaderBuilder::strictMode(&strict.settings_);
    const std::unique_ptr<Json::CharReader> reader{strict.newCharReader()};
    Json::Value value;
    std::string problem;
    MUST(reader->parse(body.data(), body.data() + body.size(), &value, &problem));
    return value;
}

/// Checks an answer. headers: values by name. is_head: the request's method was HEAD.
inline void check_answer(int status, const std::map<std::string, std::string>& headers, std::string_view body,
                         bool is_head) {
    const std::set<int> kCodes{200, 400, 401, 402, 404, 405, 413, 415, 429, 500, 503, 504};
    MUST(kCodes.contains(status));
    const bool is_json = headers.at("Content-Type") == "application/json; charset=utf-8";
    MUST(is_json || (headers.at("Content-Type") == http::kMetricsType && status == 200));
    MUST(headers.at("Cache-Control") == "no-store" && headers.at("X-Content-Type-Options") == "nosniff");
    MUST(headers.at("X-Request-ID").size() == 32);
    MUST(headers.contains("WWW-Authenticate") == (status == 401) && headers.contains("Allow") == (status == 405));
    MUST(headers.contains("Retry-After") == (status == 429 || status == 503));
    for (const auto& [name, value] : headers) MUST((name + value).find_first_of("\r\n") == std::string::npos);
    if (is_head) {
        MUST(body.empty());
        return;
    }
    MUST(headers.at("Content-Length") == std::to_string(body.size()));
    if (!is_json) {
        MUST(body.starts_with("# HELP queue_statistics_") && body.ends_with('\n'));
        return;
    }
    const Json::Value json = parsed(body);
    if (json.isMember("status")) {  // the health check's body
        MUST(json["status"] == (status == 200 ? "ok" : "unavailable") && json.size() == 1);
        return;
    }
    MUST(json["responses"].isArray() && !json["responses"].empty());
    for (const Json::Value& entry : json["responses"]) {
        MUST(entry.size() == 3 && entry["code"] == std::to_string(status));
        MUST(entry["key"].isString() && !entry["message"].asString().empty());
    }
    MUST(json.isMember("data") == (status == 200) && json.size() == (status == 200 ? 2 : 1));
}

}  // namespace fuzz
