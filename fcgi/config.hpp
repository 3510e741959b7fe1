#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

/// Settings of the responder: environment variables QUEUE_STATISTICS_*, each with a default.
namespace fcgi {

struct Config {
    /// QUEUE_STATISTICS_DATABASE: a libpq connection string or URI; empty: libpq's own variables (PGHOST, PGSERVICE,
    /// ...).
    std::string database;
    /// QUEUE_STATISTICS_STATEMENT_TIMEOUT_MS, 100..60000: PostgreSQL ends a longer statement; 504.
    std::chrono::milliseconds statement_timeout{5000};
    /// QUEUE_STATISTICS_LOCK_TIMEOUT_MS, 10..60000: PostgreSQL ends a longer wait for a lock; 503.
    std::chrono::milliseconds lock_timeout{1000};
    /// QUEUE_STATISTICS_DEADLINE_MS, 100..60000: a request is answered by then; 504. Above statement_timeout, and below
    /// the web server's read timeout (10 s in the shipped nginx files).
    std::chrono::milliseconds deadline{8000};
    /// QUEUE_STATISTICS_RECEIVE_TIMEOUT_MS, 100..60000: the web server has sent a whole request by then, and takes the
    /// answer within it; else the connection is closed.
    std::chrono::milliseconds receive_timeout{2000};
    /// QUEUE_STATISTICS_QUEUED_MAX_MS, 100..10000: a request that waited longer for a free process is answered 503.
    std::chrono::milliseconds queued_max{2000};
    /// QUEUE_STATISTICS_VERIFIED_LOGINS, 0..1000000: logins remembered as verified, about 250 bytes each; 0 for none.
    std::size_t verified_logins = 10000;
    /// QUEUE_STATISTICS_PREPARE, on or off: off behind a connection pooler in transaction mode. Then the first two
    /// above must be left alone: they are settings of the database role.
    bool prepare = true;
};

/// Everything that is wrong with the settings, a sentence each. Never empty.
using ConfigProblems = std::vector<std::string>;

/// environment: "NAME=value" strings ended by a null pointer, as in environ. A QUEUE_STATISTICS_ variable that is not
/// one of the above is a problem too: most likely a misspelt one. Empty values count as not set.
std::variant<Config, ConfigProblems> read_config(const char* const* environment);

}  // namespace fcgi
