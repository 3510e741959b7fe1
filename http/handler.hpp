#pragma once

#include <chrono>
#include <cstddef>

#include "core/api.hpp"
#include "core/store.hpp"
#include "http/health.hpp"
#include "http/log.hpp"
#include "http/message.hpp"

/// From a web server's request to its answer. Knows HTTP and the rules' entrance, but neither libfcgi nor PostgreSQL.
namespace http {

struct HandlerOptions {
    std::size_t verified_logins = 10000;
    std::chrono::milliseconds queued_max{2000};
    std::chrono::milliseconds deadline{8000};
};

/// Answers one request at a time.
class Handler {
  public:
    /// store and slots outlive this object.
    Handler(core::Store& store, core::access::HashingSlots& slots, HandlerOptions options);

    struct Now {
        std::chrono::steady_clock::time_point steady;
        std::chrono::system_clock::time_point system;  ///< the clock that QUEUED_AT was read from
    };

    /// client_socket: as in core::Request. Never throws: a broken database becomes 503 or 504, and a bug 500, with the
    /// reason in the log entry alone. Fills in all of the entry but its time.
    Response handle(const Request& request, int client_socket, Now now, LogEntry& entry) noexcept;

  private:
    // asked: the request as the rules and the database see it.
    Response respond(const Request& request, Now now, core::Request& asked, LogEntry& entry);
    core::Result<core::Answer> answer(const core::Function& function, const Request& request, Now now,
                                      core::Request& asked);
    Response health(const Request& request, core::Request& asked, LogEntry& entry);

    HandlerOptions options_;
    core::Api api_;
    Health health_;
};

}  // namespace http
