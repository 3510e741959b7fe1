#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace core {

/// What the log says about a request besides its answer.
struct Trace {
    std::optional<std::int64_t> person;  ///< set once the login was found right
    /// Set once a person of that name is known to exist. The name of nobody stays out of the log: it may be a password
    /// that was typed into the wrong field.
    std::string username;
    /// The reason of a 401 or 429: missing, unknown, inactive, source, hash, password, token, ended or throttled.
    /// Empty when the login was not refused.
    std::string_view login_failure{};
    std::string_view login{};     ///< how the login was found right: verified, remembered or token; else empty
    std::string_view overload{};  ///< the reason of a 503 that is not the database's fault; else empty
    std::chrono::microseconds database_time{};  ///< spent waiting for the database
    std::int64_t rows = 0;                      ///< received from the database
};

/// One request that is being answered, apart from its parameters. It is handed down to the database, so that every
/// layer knows the deadline and can add to the trace.
struct Request {
    using Clock = std::chrono::steady_clock;

    Clock::time_point now;                               ///< when a process took the request up
    std::chrono::system_clock::time_point wall_clock{};  ///< the same, for what ends at a time of day
    Clock::time_point deadline;                          ///< when the request must be answered
    /// The connected socket of the client that waits for the answer, or -1. Not owned. Once the other end has closed
    /// it, every wait for the database throws ClientLeft.
    int client_socket = -1;
    /// IPv4 or IPv6 in the form that inet_ntop(3) writes; nullopt when the address is unknown.
    std::optional<std::string> client_address{};
    Trace trace{};
};

}  // namespace core
