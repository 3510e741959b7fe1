#pragma once

#include <chrono>
#include <cstddef>

#include "core/api.hpp"
#include "core/store.hpp"
#include "http/counters.hpp"
#include "http/health.hpp"
#include "http/log.hpp"
#include "http/message.hpp"

/// Answers a web server's request. Knows HTTP and core::Api, but neither libfcgi nor PostgreSQL.
namespace http {

/// Settings of the responder. fcgi/config.hpp has their defaults.
struct HandlerOptions {
    std::size_t verified_logins;           ///< how many logins core::access::VerifiedLogins keeps, and VerifiedTokens
    std::chrono::minutes token_life;       ///< how long a token of user/login holds; with 0 no token counts
    std::chrono::milliseconds queued_max;  ///< a request that waited longer for a free process is answered 503
    std::chrono::milliseconds deadline;    ///< the time for an answer, from when a process took the request up
};

/// Answers one request at a time. Not thread-safe.
class Handler {
  public:
    /// store, slots and counters must outlive this object. It only reads the counters: count() counts.
    Handler(core::Store& store, core::access::HashingSlots& slots, const Counters& counters, HandlerOptions options);

    /// The time at which a process took the request up, by both clocks.
    struct Now {
        std::chrono::steady_clock::time_point steady;
        std::chrono::system_clock::time_point system;  ///< to compare with QUEUED_AT, which comes from this clock
    };

    /// The response to request. client_socket: as in core::Request. Never throws: a StoreFailure is answered 503, 504
    /// or 500 and every other exception, a bug, 500; the reason stands in entry alone. Sets every member of entry but
    /// time.
    Response handle(const Request& request, int client_socket, Now now, LogEntry& entry) noexcept;

  private:
    // asked: the request as core and the database see it.
    Response respond(const Request& request, Now now, core::Request& asked, LogEntry& entry);
    core::Result<core::Answer> answer(const core::Function& function, const Request& request, Now now,
                                      core::Request& asked);
    Response health(const Request& request, core::Request& asked, LogEntry& entry);
    Response metrics(const Request& request) const;

    HandlerOptions options_;
    core::Api api_;
    Health health_;
    const Counters& counters_;
};

}  // namespace http
