#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/request.hpp"

/// One line per request on standard error. Never holds a query string, a password, a hash, or bytes that a client could
/// forge a line with.
namespace http {

/// What is told of a request. Text comes from the client as it is; format() encodes it.
struct LogEntry {
    std::string id;                   ///< X-Request-ID
    std::string method;               ///< as received
    std::string_view function = "-";  ///< the path's name, health, or - for none of ours
    int status = 500;
    std::chrono::microseconds time{};  ///< from having read the request to having the answer
    core::Trace trace;                 ///< who asked, and what the database did
    std::string client;                ///< REMOTE_ADDR, when it is an address
    std::string error;                 ///< of a broken database or a bug: our words and the database's
};

/// The line without its end:
///
///     request id=ID method=GET function=queues/destinations/statistics/get status=200 ms=1.234 db_ms=0.987 rows=13
///     person=7 client=192.0.2.1
///
/// and, at its end when they apply,
///
///     ... person=- auth failure client=192.0.2.1 user=bob reason=password
///     ... overload="waited too long for a free process"
///     ... error="..."
///
/// Unknown values are `-`, and so is the name of nobody, which may be a password in the wrong place. What a client
/// chose is percent-encoded, everything but letters, digits and `-._~@:`; in an error, control characters become spaces
/// and `"` and `\` stand behind a backslash. At most 2,000 bytes.
std::string format(const LogEntry& entry);

/// Writes lines to standard error, and goes on without them when nobody takes them: a full pipe or a full disk never
/// holds up a request. The next line that gets through is preceded by one that says how many were lost.
class Log {
  public:
    Log();
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    /// line: without its end.
    void write(std::string_view line);

  private:
    bool write_now(std::string_view text);

    enum class Kind { kSocket, kPipe, kOther } kind_ = Kind::kOther;
    int file_ = 2;
    std::uint64_t lost_ = 0;
};

}  // namespace http
