#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/request.hpp"
#include "core/statistics.hpp"

/// The port: what the rules ask of a database. Implemented by sql/store; by a fake in the unit tests.
namespace core {

/// What is stored about a person who wants to log in.
struct Credentials {
    std::int64_t person = 0;
    std::string password_hash;    ///< a crypt(3) string; never logged
    bool source_allowed = false;  ///< the client's address lies in one of the person's networks, or there are none
    bool active = false;          ///< may log in, and neither its customer nor one above is deleted
    bool login = false;           ///< the role may use the web interface and the API
    int user_access = 0;          ///< the role's access for the privilege `user`: 0 none, 1 full, 2 read-only
};

struct CredentialsAndStatistics {
    std::optional<Credentials> credentials;  ///< as Store::credentials answers
    std::optional<Statistics> statistics;    ///< as the one of Store::..._statistics answers
};

/// The database could not answer. The words are for the log alone: they never reach a caller.
class StoreFailure : public std::exception {
  public:
    enum class Kind {
        kUnavailable,  ///< down, locked, overloaded, or its schema cannot be used: 503
        kTooSlow,      ///< a deadline passed: 504
        kBroken,       ///< anything else, and so our bug: 500
    };

    /// detail: one line: query name, SQLSTATE, the database's words, and the remedy when there is one.
    StoreFailure(Kind kind, std::string detail) : kind_{kind}, detail_{std::move(detail)} {}

    Kind kind() const noexcept { return kind_; }
    const std::string& detail() const noexcept { return detail_; }
    const char* what() const noexcept override { return detail_.c_str(); }

  private:
    Kind kind_;
    std::string detail_;
};

/// Every member sees all that was committed before it was called, waits no longer than the request's deadline, and
/// throws StoreFailure when the database cannot answer.
class Store {
  public:
    virtual ~Store() = default;

    /// The person of that exact name, or nothing. client_address: IPv4 or IPv6 in its usual text form, or nothing when
    /// it is unknown (which only a person without networks may have). username: valid UTF-8 without NUL, 1..255 bytes.
    virtual std::optional<Credentials> credentials(const std::string& username,
                                                   const std::optional<std::string>& client_address) = 0;

    /// Every current destination of the queue and every removed one with calls in the period, ordered by dtype, then
    /// dnumber, bytewise. Nothing when the queue is absent, deleted, or not for this person.
    virtual std::optional<std::vector<DestinationStatistics>> queue_statistics(std::int64_t person, std::int64_t queue,
                                                                               Period period) = 0;

    /// One destination, current or removed. Nothing when it is absent, or its queue deleted or not for this person.
    virtual std::optional<CallStatistics> destination_statistics(std::int64_t person, std::int64_t destination,
                                                                 Period period) = 0;

    /// credentials(), and what `request` asks for on behalf of `person`, in one round trip. For a login that was
    /// verified before, when it was person's: the figures count only if the credentials are still that person's and
    /// still right.
    virtual CredentialsAndStatistics credentials_and_statistics(const std::string& username,
                                                                const std::optional<std::string>& client_address,
                                                                std::int64_t person,
                                                                const StatisticsRequest& request) = 0;

    /// Returns when the database answers and its schema can be used.
    virtual void probe() = 0;
};

}  // namespace core
