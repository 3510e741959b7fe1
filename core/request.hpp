#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/statistics.hpp"

/// Reads a request's parameters, in the two steps between which the caller is authenticated.
namespace core {

/// Pairs in query and body together; empty ones do not count.
inline constexpr std::size_t kMaxPairs = 64;

/// A username is at most 255 bytes and a password 511 (crypt(3) refuses more); longer ones match nobody.
inline constexpr std::size_t kMaxUsernameBytes = 255;
inline constexpr std::size_t kMaxPasswordBytes = 511;

/// The function's parameters as received, decoded. Absent and empty are different here.
struct Parameters {
    std::optional<std::string> auth_username{};
    std::optional<std::string> auth_password{};
    std::optional<std::string> destination{};
    std::optional<std::string> queue{};
    std::optional<std::string> start{};
    std::optional<std::string> end{};
};

/// Reads the query string and, for a POST, the body (empty otherwise). Names are exact; unknown names, and names that
/// cannot be decoded, are ignored. Refused with one `unreadable`: more than kMaxPairs pairs [no key], else the leftmost
/// (query before body) known parameter that is given again or cannot be decoded [its name].
Result<Parameters> read_parameters(std::string_view query, std::string_view body);

/// Who asks. Empty unless both are given.
struct Login {
    std::string username;
    std::string password;
};

/// The login in the parameters or, when neither of their names occurs, in an HTTP `Authorization: Basic` header
/// (RFC 7617, UTF-8). Nothing when username or password is missing, empty or too long, or the header is of another
/// scheme, has broken base64, no colon, invalid UTF-8 or a NUL.
std::optional<Login> find_login(const Parameters& parameters, std::string_view authorization);

/// What is asked: the statistics of one destination or of a queue's destinations, in a period.
struct StatisticsRequest {
    enum class Form { kDestination, kQueue };

    Form form = Form::kQueue;
    std::int64_t id = 0;  ///< of the destination or the queue; 1..2^63-1
    Period period;

    /// "destination" or "queue": the parameter that was given.
    std::string_view key() const { return form == Form::kDestination ? "destination" : "queue"; }

    friend bool operator==(const StatisticsRequest&, const StatisticsRequest&) = default;
};

/// The request, or every `invalid` in it: at most one entry for destination and queue, then one for start, then one
/// for end. Integers are ASCII digits only, the whole value; leading zeros are fine. Empty means not given, and so
/// does a zero for destination and queue: `destination=0;queue=5` asks for queue 5.
Result<StatisticsRequest> validate(const Parameters& parameters);

}  // namespace core
