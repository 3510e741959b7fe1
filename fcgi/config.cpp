#include "fcgi/config.hpp"

#include <charconv>
#include <cstdint>
#include <functional>
#include <map>
#include <string_view>
#include <system_error>

#include "core/setting_names.hpp"

namespace fcgi {
namespace {

/// Reads the value of one variable into its setting. Returns what is wrong with the value, or an empty text.
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

/// A setting of two words, of which yes means true.
Reader either(bool& setting, std::string_view yes, std::string_view no) {
    return [&setting, yes, no](std::string_view value) -> std::string {
        if (value != yes && value != no) return "must be " + std::string{yes} + " or " + std::string{no};
        setting = value == yes;
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
        {"QUEUE_STATISTICS_DATABASE", any_text(config.database)},
        {"QUEUE_STATISTICS_STATEMENT_TIMEOUT_MS", number(config.statement_timeout, 100, 60000)},
        {"QUEUE_STATISTICS_LOCK_TIMEOUT_MS", number(config.lock_timeout, 10, 60000)},
        {"QUEUE_STATISTICS_DEADLINE_MS", number(config.deadline, 100, 60000)},
        {"QUEUE_STATISTICS_RECEIVE_TIMEOUT_MS", number(config.receive_timeout, 100, 60000)},
        {"QUEUE_STATISTICS_QUEUED_MAX_MS", number(config.queued_max, 100, 10000)},
        {"QUEUE_STATISTICS_VERIFIED_LOGINS", number(config.verified_logins, 0, 1000000)},
        {"QUEUE_STATISTICS_TOKEN_MINUTES", number(config.token_life, 0, 525600)},
        {"QUEUE_STATISTICS_PREPARE", either(config.prepare, "on", "off")},
        {"QUEUE_STATISTICS_LOG", either(config.log_successes, "all", "failures")},
    };

    ConfigProblems problems;
    for (const std::string_view name : core::unknown_settings(environment))
        problems.push_back(std::string{name} + " is not a setting");
    for (; *environment != nullptr; ++environment) {
        const std::string_view variable = *environment;
        const std::size_t equals = variable.find('=');
        const std::string_view name = variable.substr(0, equals);
        const std::string_view value = equals == variable.npos ? "" : variable.substr(equals + 1);
        const auto reader = readers.find(name);
        if (reader == readers.end() || value.empty()) continue;
        const std::string problem = reader->second(value);
        if (!problem.empty()) problems.push_back(std::string{name} + " " + problem);
    }
    if (config.lock_timeout >= config.statement_timeout)
        problems.emplace_back("QUEUE_STATISTICS_LOCK_TIMEOUT_MS must be below QUEUE_STATISTICS_STATEMENT_TIMEOUT_MS");
    if (config.statement_timeout >= config.deadline)
        problems.emplace_back("QUEUE_STATISTICS_STATEMENT_TIMEOUT_MS must be below QUEUE_STATISTICS_DEADLINE_MS");
    const Config defaults;
    if (!config.prepare &&
        (config.statement_timeout != defaults.statement_timeout || config.lock_timeout != defaults.lock_timeout)) {
        problems.emplace_back(
            "QUEUE_STATISTICS_STATEMENT_TIMEOUT_MS and QUEUE_STATISTICS_LOCK_TIMEOUT_MS have no effect with "
            "QUEUE_STATISTICS_PREPARE=off: there they are settings of the database role (ALTER ROLE ... SET)");
    }
    if (!problems.empty()) return problems;
    return config;
}

}  // namespace fcgi
