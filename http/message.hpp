#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

/// A request as the web server hands it over, by its CGI variables (RFC 3875, and nginx's usual names). A variable that
/// is not set is empty. The views are valid while the request is handled.
struct Request {
    std::string_view method{};            ///< REQUEST_METHOD
    std::string_view document_uri{};      ///< DOCUMENT_URI: the path, decoded, without the query
    std::string_view script_name{};       ///< SCRIPT_NAME: for servers without DOCUMENT_URI, the path is this
    std::string_view path_info{};         ///< PATH_INFO: ... followed by this
    std::string_view query_string{};      ///< QUERY_STRING, encoded
    std::string_view content_type{};      ///< CONTENT_TYPE
    std::string_view content_length{};    ///< CONTENT_LENGTH
    std::string_view content_encoding{};  ///< HTTP_CONTENT_ENCODING
    std::string_view authorization{};     ///< HTTP_AUTHORIZATION
    std::string_view remote_addr{};       ///< REMOTE_ADDR
    std::string_view request_id{};        ///< REQUEST_ID
    std::string_view queued_at{};         ///< QUEUED_AT: when the web server passed it on, Unix seconds with decimals
    std::string_view body{};              ///< the bytes that came, at most kMaxBodyBytes + 1 (form.hpp)
};

/// The response. For a HEAD request the body is empty, and Content-Length is that of a GET.
struct Response {
    int status = 500;
    std::string_view reason = "Internal Server Error";  ///< of the status (RFC 9110); nginx adds none
    std::vector<std::pair<std::string_view, std::string>> headers;
    std::string body;
};

}  // namespace http
