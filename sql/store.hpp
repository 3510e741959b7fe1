#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/store.hpp"
#include "sql/connection.hpp"

namespace sql {

/// The range of schemas this program serves: kOldestSchema <= schema_version.version, and the newest row's works_with
/// <= kNewestSchema. The schema is looked at together with the credentials, on every request, so that an upgrade or a
/// downgrade counts at once.
inline constexpr int kOldestSchema = 1;
inline constexpr int kNewestSchema = 1;

struct StoreOptions {
    std::string conninfo;                               ///< as in ConnectionOptions
    std::chrono::milliseconds statement_timeout{5000};  ///< PostgreSQL ends a statement after this: 504
    std::chrono::milliseconds lock_timeout{1000};       ///< ... and a wait for a lock after this: 503
    bool prepare = true;  ///< false behind pgbouncer in transaction mode (then no SETs either:
                          ///< `queue-statistics grant reader` puts them on the role)
};

/// What a session of the responder is set to, as name and value (an SQL literal or word): set on each connection, or on
/// the role (sql/grant.hpp). It only reads, waits for nothing long, stops when its client has gone, and plans each
/// statement once: planning one anew costs more than running it.
std::vector<std::pair<std::string, std::string>> session_settings(std::chrono::milliseconds statement_timeout,
                                                                  std::chrono::milliseconds lock_timeout);

/// The port by PostgreSQL, over one connection that is opened at the first use, kept, and opened anew when it was lost:
/// at most one attempt per back-off (100 ms doubling to 2 s, with jitter); in between every call fails at once.
/// A statement that failed because its session ended, or whose SQLSTATE is worth a retry (sql/sqlstate.hpp), is sent
/// once more when the deadline allows.
class Store final : public core::Store {
  public:
    explicit Store(const StoreOptions& options);
    ~Store() override;

    std::optional<core::Credentials> credentials(core::Request& request, const std::string& username) override;
    core::RowsPointer ask(core::Request& request, std::int64_t person, const core::Question& question) override;
    core::CredentialsAndRows credentials_and_ask(core::Request& request, const std::string& username,
                                                 std::int64_t person, const core::Question& question) override;
    void probe(core::Request& request) override;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace sql
