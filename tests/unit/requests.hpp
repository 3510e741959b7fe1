#pragma once

#include <array>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

#include "core/access/login.hpp"
#include "core/parameters.hpp"
#include "core/refusal.hpp"

/// What tests of requests share: reading parameters, and refusals as text.
namespace test {

inline constexpr std::array<std::string_view, 7> kNames{"destination", "queue",    "start", "end",
                                                        "interval",    "timezone", "format"};

inline core::Result<core::Parameters> read(std::string_view query, std::string_view body = "") {
    return core::read_parameters(kNames, core::access::login_parameters(), query, body);
}

/// The parameters of query. Precondition: read(query) refuses nothing.
inline core::Parameters parameters(std::string_view query) {
    auto parameters = read(query);
    BOOST_REQUIRE(parameters);
    return *parameters;
}

/// "400 [key] message" for each refusal, joined by " | "; "ok" for a value.
template <class T>
std::string refusals_of(const core::Result<T>& result) {
    if (result) return "ok";
    std::string text;
    for (const core::Refusal& refusal : result.refusals()) {
        if (!text.empty()) text += " | ";
        text += std::to_string(core::status_of(refusal.code)) + " [" + std::string{refusal.key} + "] ";
        text += refusal.message;
    }
    return text;
}

}  // namespace test
