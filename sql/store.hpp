#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/store.hpp"
#include "sql/connection.hpp"

namespace sql {

/// The schemas that this program works with: kOldestSchema <= version and works_with <= kNewestSchema, both of the
/// newest row of schema_version. Every request reads them together with the credentials, so that a migration counts at
/// once.
inline constexpr int kOldestSchema = 1;
inline constexpr int kNewestSchema = 1;

/// Settings of the responder (fcgi/config.hpp).
struct StoreOptions {
    std::string conninfo;                               ///< as in ConnectionOptions
    std::chrono::milliseconds statement_timeout{5000};  ///< PostgreSQL ends a statement that takes longer: 504
    std::chrono::milliseconds lock_timeout{1000};       ///< ... and one that waits longer for a lock: 503
    /// False behind a pooler in transaction mode. Then the store sets nothing in a session either:
    /// `queue-statistics grant reader` gives the settings to the role.
    bool prepare = true;
};

/// The settings of the responder's sessions, as name and value (an SQL literal or word). The store sets them on each
/// connection, or grant() sets them on the role. They make a session read-only, bound its waits, end a statement whose
/// client has gone, and plan each statement once, because planning one costs more than running it.
std::vector<std::pair<std::string, std::string>> session_settings(std::chrono::milliseconds statement_timeout,
                                                                  std::chrono::milliseconds lock_timeout);

/// Implements the port by one connection to PostgreSQL. Opens the connection at the first use, keeps it, and opens it
/// again when it was lost. After a failed attempt to connect, every call fails at once until the back-off has passed:
/// 100 ms, doubled by each failure up to 2 s, of which jitter takes up to a half. Sends statements once more, if the
/// deadline has not passed, when their session ended or their SQLSTATE is worth a retry (sql/sqlstate.hpp). Not
/// thread-safe.
class Store final : public core::Store {
  public:
    /// Does not connect yet.
    explicit Store(const StoreOptions& options);
    ~Store() override;

    std::optional<core::Credentials> credentials(core::Request& request, const std::string& username) override;
    core::TokenState token(core::Request& request, std::string_view token,
                           const core::access::TokenClaims& claims) override;
    core::RowsPointer ask(core::Request& request, std::int64_t person, const core::Question& question) override;
    core::CredentialsAndRows credentials_and_ask(core::Request& request, const std::string& username,
                                                 std::int64_t person, const core::Question& question) override;
    void probe(core::Request& request) override;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace sql
