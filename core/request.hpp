#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace core {

/// What the log tells of a request besides its outcome.
struct Trace {
    std::optional<std::int64_t> person;  ///< once authenticated
    /// Once a person of that name is known to exist. Any other is never told: it may be a password in the wrong place.
    std::string username;
    /// Why a 401 or 429: missing, unknown, inactive, source, hash, password or throttled. Empty when the login was not
    /// refused.
    std::string_view login_failure{};
    std::string_view overload{};                ///< why a 503 that is not the database's fault; else empty
    std::chrono::microseconds database_time{};  ///< spent waiting for the database
    std::int64_t rows = 0;                      ///< received from the database
};

/// One request that is being answered: what goes with it into every room, down to the database, and comes back.
struct Request {
    using Clock = std::chrono::steady_clock;

    Clock::time_point now;       ///< when it was taken up
    Clock::time_point deadline;  ///< it is answered by then
    /// The connected socket of whoever waits for the answer; -1: none. Once it is closed at the other end, what still
    /// waits for the database throws ClientLeft.
    int client_socket = -1;
    /// IPv4 or IPv6 in its usual text form; nothing when it is unknown.
    std::optional<std::string> client_address{};
    Trace trace{};
};

}  // namespace core
