#include "fcgi/config.hpp"

#include <charconv>
#include <cstdint>
#include <functional>
#include <map>

namespace fcgi {
namespace {

constexpr std::string_view kPrefix = "QUEUE_STATISTICS_";

/// Reads the value of one variable into its setting; returns what is wrong with it, or empty.
using Reader = std::function<std::string(std::string_view value)>;

template <class T>
Reader number(T& setting, std::int64_t min, std::int64_t max) {
    return [&setting, min, max](std::string_view value) -> std::string {
        std::int64_t read = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), read);
        if (error != std::errc{} || end != value.data() + value.size() || read < min || read > max)
            return "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max);
        setting = T(read);
        return {};
    };
}

Reader on_or_off(bool& setting) {
    return [&setting](std::string_view value) -> std::string {
        if (value != "on" && value != "off") return "must be on or off";
        setting = value == "on";
        return {};
    };
}

Reader any_text(std::string& setting) {
    return [&setting](std::string_view value) -> std::string {
        setting = value;
        return {};
    };
}

}  // namespace

std::variant<Config, ConfigProblems> read_config(const char* const* environment) {
    Config config;
    const std::map<std::string_view, Reader> readers{
        {"DATABASE", any_text(config.database)},
        {"STATEMENT_TIMEOUT_MS", number(config.statement_timeout, 100, 60000)},
        {"LOCK_TIMEOUT_MS", number(config.lock_timeout, 10, 60000)},
        {"DEADLINE_MS", number(config.deadline, 100, 60000)},
        {"RECEIVE_TIMEOUT_MS", number(config.receive_timeout, 100, 60000)},
        {"QUEUED_MAX_MS", number(config.queued_max, 100, 60000)},
        {"VERIFIED_LOGINS", number(config.verified_logins, 0, 1000000)},
        {"PREPARE", on_or_off(config.prepare)},
    };

    ConfigProblems problems;
    for (; *environment != nullptr; ++environment) {
        const std::string_view variable = *environment;
        if (!variable.starts_with(kPrefix)) continue;
        const std::size_t equals = variable.find('=');
        const std::string name{variable.substr(0, equals)};
        const std::string_view value = equals == variable.npos ? "" : variable.substr(equals + 1);
        const auto reader = readers.find(std::string_view{name}.substr(kPrefix.size()));
        if (reader == readers.end()) {
            problems.push_back(name + " is not a setting");
        } else if (!value.empty()) {
            const std::string problem = reader->second(value);
            if (!problem.empty()) problems.push_back(name + " " + problem);
        }
    }
    if (config.lock_timeout >= config.statement_timeout)
        problems.emplace_back("QUEUE_STATISTICS_LOCK_TIMEOUT_MS must be below QUEUE_STATISTICS_STATEMENT_TIMEOUT_MS");
    if (config.statement_timeout >= config.deadline)
        problems.emplace_back("QUEUE_STATISTICS_STATEMENT_TIMEOUT_MS must be below QUEUE_STATISTICS_DEADLINE_MS");
    if (!problems.empty()) return problems;
    return config;
}

}  // namespace fcgi
