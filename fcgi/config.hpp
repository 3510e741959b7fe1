#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

/// The settings of the responder: environment variables QUEUE_STATISTICS_*, each with a default.
namespace fcgi {

/// The settings. Each range includes both ends.
struct Config {
    /// QUEUE_STATISTICS_DATABASE: a connection string or URI for libpq. When it is empty, libpq's own variables hold
    /// (PGHOST, PGSERVICE, ...).
    std::string database;
    /// QUEUE_STATISTICS_STATEMENT_TIMEOUT_MS, 100..60000: PostgreSQL ends a statement that takes longer; 504. Must be
    /// below deadline.
    std::chrono::milliseconds statement_timeout{5000};
    /// QUEUE_STATISTICS_LOCK_TIMEOUT_MS, 10..60000: PostgreSQL ends a statement that waits longer for a lock; 503. Must
    /// be below statement_timeout.
    std::chrono::milliseconds lock_timeout{1000};
    /// QUEUE_STATISTICS_DEADLINE_MS, 100..60000: a request that took longer is answered 504. Should be below the web
    /// server's read timeout (10 s in the shipped nginx files).
    std::chrono::milliseconds deadline{8000};
    /// QUEUE_STATISTICS_RECEIVE_TIMEOUT_MS, 100..60000: the time for a request to arrive, and again for each write of
    /// the answer (ServerOptions::receive_timeout).
    std::chrono::milliseconds receive_timeout{2000};
    /// QUEUE_STATISTICS_QUEUED_MAX_MS, 100..10000: a request that waited longer for a free process is answered 503.
    std::chrono::milliseconds queued_max{2000};
    /// QUEUE_STATISTICS_VERIFIED_LOGINS, 0..1000000: how many verified logins are remembered, about 200 bytes each,
    /// and as many tokens, about 450 bytes each.
    std::size_t verified_logins = 10000;
    /// QUEUE_STATISTICS_TOKEN_MINUTES, 0..525600 (a year): how long a token of user/login holds. With 0 no token
    /// counts.
    std::chrono::minutes token_life{720};
    /// QUEUE_STATISTICS_PREPARE, on or off: off behind a connection pooler in transaction mode. With off,
    /// statement_timeout and lock_timeout must keep their defaults: they are settings of the database role then.
    bool prepare = true;
    /// QUEUE_STATISTICS_LOG, all or failures: with failures a request that was answered 200 leaves no line in the log.
    bool log_successes = true;
};

/// Everything that is wrong with the settings, one sentence per problem. Never empty.
using ConfigProblems = std::vector<std::string>;

/// The settings in environment, or all problems. environment: "NAME=value" strings ended by a null pointer, as in
/// environ. An empty value counts as not set. An unknown QUEUE_STATISTICS_ variable is a problem too, because its name
/// is most likely misspelt: for example QUEUE_STATISTICS_TIMEOUT.
std::variant<Config, ConfigProblems> read_config(const char* const* environment);

}  // namespace fcgi
