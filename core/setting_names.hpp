#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

/// The names of all settings. Settings are environment variables that both programs see: each program reads its own
/// ones, and a mistyped name stops either program.
namespace core {

inline constexpr std::string_view kSettingPrefix = "QUEUE_STATISTICS_";

inline constexpr std::array<std::string_view, 10> kSettingNames{
    "QUEUE_STATISTICS_DATABASE",
    "QUEUE_STATISTICS_DEADLINE_MS",
    "QUEUE_STATISTICS_LOCK_TIMEOUT_MS",
    "QUEUE_STATISTICS_LOG",
    "QUEUE_STATISTICS_PREPARE",
    "QUEUE_STATISTICS_QUEUED_MAX_MS",
    "QUEUE_STATISTICS_RECEIVE_TIMEOUT_MS",
    "QUEUE_STATISTICS_STATEMENT_TIMEOUT_MS",
    "QUEUE_STATISTICS_TOKEN_MINUTES",
    "QUEUE_STATISTICS_VERIFIED_LOGINS",
};

/// The names in environment that begin with kSettingPrefix and are not a setting. environment: NAME=VALUE texts, ended
/// by a null pointer. The names are views into environment.
inline std::vector<std::string_view> unknown_settings(const char* const* environment) {
    std::vector<std::string_view> unknown;
    for (; *environment; ++environment) {
        const std::string_view variable{*environment};
        const std::string_view name = variable.substr(0, variable.find('='));
        if (name.starts_with(kSettingPrefix) && std::ranges::find(kSettingNames, name) == kSettingNames.end())
            unknown.push_back(name);
    }
    return unknown;
}

}  // namespace core
