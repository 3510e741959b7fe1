#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/journal.hpp"
#include "core/request.hpp"

/// One line per request on standard error. No line has a query string, a password, a hash, or bytes by which a client
/// could forge a line.
namespace http {

/// What the log says about a request. Text of the client is stored as received; format() encodes it.
struct LogEntry {
    std::string id;                   ///< X-Request-ID
    std::string method;               ///< as received
    std::string_view function = "-";  ///< the function's path, `health`, `metrics`, or `-` when the path names none
    int status = 500;
    std::chrono::microseconds time{};  ///< from having read the request to having the answer
    core::Trace trace;                 ///< the person, and the work of the database
    std::string client;                ///< REMOTE_ADDR in its usual form; empty when it is not an address
    std::string error;                 ///< why the database or we ourselves failed; else empty
};

/// The log line of a request, without its line end:
///
///     request id=ID method=GET function=queues/destinations/statistics/get status=200 ms=1.234 db_ms=0.987 rows=13
///     person=7 client=192.0.2.1
///
/// A refused login, an overload and an error change the end of the line:
///
///     ... person=- auth failure client=192.0.2.1 user=bob reason=password
///     ... overload="waited too long for a free process"
///     ... error="..."
///
/// An unknown value is `-`. So is the name of nobody, which may be a password that was typed into the wrong field. Text
/// that the client chose is percent-encoded, all but letters, digits and `-._~@:`. In an error or overload, control
/// characters become spaces, and a backslash stands before `"` and `\`. At most 2,000 bytes; the rest is cut off.
std::string format(const LogEntry& entry);

/// An error of the database or of ours is an error, an overload a warning, and all else information: what clients do
/// wrong, failed logins too, is no fault of the service.
core::Priority priority_of(const LogEntry& entry);

/// Writes lines to standard error. Drops a line that a pipe, a socket or a full disk does not take at once, so that the
/// log never holds up a request. The next line that is written comes after a line that says how many were lost.
class Log {
  public:
    /// Looks at what standard error is. Opens a pipe again through /proc/self/fd/2, so it must come before
    /// forbid_core_dumps(). journal_stream: as for core::is_journal(); where standard error is the journal, each line
    /// begins with its priority.
    explicit Log(std::string_view journal_stream = {});
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    /// Writes a line. line: without its line end. Never throws for an error of standard error, and never waits.
    void write(core::Priority priority, std::string_view line);

  private:
    bool write_now(std::string_view text);

    enum class Kind { kSocket, kPipe, kOther } kind_ = Kind::kOther;
    int file_ = 2;
    bool to_journal_ = false;
    std::uint64_t lost_ = 0;
};

}  // namespace http
