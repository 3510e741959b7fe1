#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/get_statistics.hpp"
#include "core/store.hpp"
#include "fcgi/log.hpp"

/// From CGI variables to an answer. Knows HTTP and the rules' entrance, but neither libfcgi nor PostgreSQL.
namespace fcgi {

/// A larger body is answered 413. The six parameters of the longest allowed values fit in percent-encoded form.
inline constexpr std::size_t kMaxBodyBytes = 8192;

/// A request as the web server hands it over (RFC 3875 and nginx's usual names); empty where it says nothing. The
/// views live as long as the request is being handled.
struct CgiRequest {
    std::string_view method{};            ///< REQUEST_METHOD
    std::string_view document_uri{};      ///< DOCUMENT_URI: the path, decoded, without the query
    std::string_view script_name{};       ///< SCRIPT_NAME, and
    std::string_view path_info{};         ///< PATH_INFO: together the path for servers without DOCUMENT_URI
    std::string_view query_string{};      ///< QUERY_STRING, encoded
    std::string_view content_type{};      ///< CONTENT_TYPE
    std::string_view content_length{};    ///< CONTENT_LENGTH
    std::string_view content_encoding{};  ///< HTTP_CONTENT_ENCODING
    std::string_view authorization{};     ///< HTTP_AUTHORIZATION
    std::string_view remote_addr{};       ///< REMOTE_ADDR
    std::string_view request_id{};        ///< REQUEST_ID
    std::string_view queued_at{};         ///< QUEUED_AT: when the web server passed it on, Unix seconds with decimals
    std::string_view body{};              ///< as much as came, at most kMaxBodyBytes + 1
};

/// What goes back. A HEAD request's body is empty while its Content-Length is that of a GET's.
struct Response {
    int status = 500;
    std::string_view reason = "Internal Server Error";  ///< the status's usual phrase; nginx makes none itself
    std::vector<std::pair<std::string_view, std::string>> headers;
    std::string body;
};

struct HandlerOptions {
    std::size_t verified_logins = 10000;
    std::chrono::milliseconds queued_max{2000};
};

/// Answers one request at a time.
class Handler {
  public:
    /// store and slots outlive this object.
    Handler(core::Store& store, core::HashingSlots& slots, HandlerOptions options);

    struct Now {
        std::chrono::steady_clock::time_point steady;
        std::chrono::system_clock::time_point system;  ///< the clock that QUEUED_AT was read from
    };

    /// Never throws: a broken database becomes 503 or 504, and a bug 500, with the reason in the log entry alone.
    /// Fills in all of the entry but the times and rows.
    Response handle(const CgiRequest& request, Now now, LogEntry& entry) noexcept;

  private:
    core::Result<core::Statistics> answer(const CgiRequest& request, const std::optional<std::string>& client, Now now,
                                          LogEntry& entry);
    Response health(const CgiRequest& request, Now now, LogEntry& entry);

    core::Store& store_;
    core::GetStatistics get_statistics_;
    std::chrono::milliseconds queued_max_;
    std::optional<std::chrono::steady_clock::time_point> last_probe_;
    bool healthy_ = false;
};

/// The function that a path names: what follows its last "/api/json/", without a trailing slash; empty when there is no
/// "/api/json/" in it.
std::string_view function_name(std::string_view path);

/// Whether a Content-Type is application/x-www-form-urlencoded, with no parameter but charset=utf-8.
bool is_form(std::string_view content_type);

/// An IPv4 or IPv6 address in its usual form, an IPv4-mapped one as IPv4; nothing for anything else.
std::optional<std::string> client_address(std::string_view remote_addr);

}  // namespace fcgi
