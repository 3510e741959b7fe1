#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/hashing_slots.hpp"
#include "core/login_throttle.hpp"
#include "core/password.hpp"
#include "core/request.hpp"
#include "core/statistics.hpp"
#include "core/store.hpp"

/// The use case. It refuses in this order: who asks, whether that role may, what is asked for, whether it is there and
/// to be seen. Only for a login remembered as right are the statistics read ahead, and thrown away when it is right no
/// more.
namespace core {

/// What the log tells of a request besides its outcome.
struct Trace {
    std::optional<std::int64_t> person;  ///< once authenticated
    /// Once a person of that name is known to exist. Any other is never told: it may be a password in the wrong place.
    std::string username;
    /// Why a 401 or 429: missing, unknown, inactive, source, hash, password or throttled. Empty when the login was not
    /// refused.
    std::string_view login_failure{};
    std::string_view overload{};  ///< why a 503 that is not the database's fault; else empty
};

/// Answers requests from a store. Keeps the verified and the failed logins of this process; not thread-safe.
class GetStatistics {
  public:
    using Clock = VerifiedLogins::Clock;

    /// store and slots outlive this object. verified_capacity: see VerifiedLogins.
    GetStatistics(Store& store, HashingSlots& slots, std::size_t verified_capacity);

    /// parameters and authorization: as in find_login; client_address: as in Store::credentials.
    /// A refusal is a value; StoreFailure passes through. `trace` is filled also when it does.
    Result<Statistics> run(const Parameters& parameters, std::string_view authorization,
                           const std::optional<std::string>& client_address, Clock::time_point now, Trace& trace);

  private:
    std::optional<Error> verify(const Login& login, const std::optional<std::string>& client_address,
                                const std::optional<Credentials>& stored, Clock::time_point now, Trace& trace);
    std::string_view why_wrong(const Login& login, const std::optional<Credentials>& stored) const;
    std::optional<Statistics> read(std::int64_t person, const StatisticsRequest& request);

    Store& store_;
    HashingSlots& slots_;
    DummyHash dummy_;
    VerifiedLogins verified_;
    LoginThrottle throttle_;
};

}  // namespace core
