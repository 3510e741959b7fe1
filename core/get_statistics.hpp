#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/error.hpp"
#include "core/password.hpp"
#include "core/request.hpp"
#include "core/statistics.hpp"
#include "core/store.hpp"

/// The use case: authenticate, authorise, validate, find, read, in that order and with nothing in between.
namespace core {

/// The answer to a queue's request, or to a destination's.
using Statistics = std::variant<std::vector<DestinationStatistics>, CallStatistics>;

/// What the log tells of a request besides its outcome.
struct Trace {
    std::optional<std::int64_t> person;  ///< once authenticated
    std::string username;                ///< as given; anything a caller can think of
    /// Why a 401: missing, unknown, inactive, source, hash or password. Empty when the login was not refused.
    std::string_view login_failure;
};

/// Answers requests from a store. Keeps the verified logins of this process; not thread-safe.
class GetStatistics {
  public:
    using Clock = VerifiedLogins::Clock;

    /// The store outlives this object. verified_capacity: see VerifiedLogins.
    GetStatistics(Store& store, std::size_t verified_capacity);

    /// parameters and authorization: as in find_login; client_address: as in Store::credentials.
    /// A refusal is a value; StoreFailure passes through. `trace` is filled also when it does.
    Result<Statistics> run(const Parameters& parameters, std::string_view authorization,
                           const std::optional<std::string>& client_address, Clock::time_point now, Trace& trace);

  private:
    std::optional<Credentials> authenticate(const Login& login, const std::optional<std::string>& client_address,
                                            Clock::time_point now, Trace& trace);

    Store& store_;
    DummyHash dummy_;
    VerifiedLogins verified_;
};

}  // namespace core
