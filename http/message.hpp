#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

/// A request as the web server hands it over (RFC 3875 and nginx's usual names); empty where it says nothing. The
/// views live as long as the request is being handled.
struct Request {
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
    std::string_view body{};              ///< as much as came, at most kMaxBodyBytes + 1 (form.hpp)
};

/// What goes back. A HEAD request's body is empty while its Content-Length is that of a GET's.
struct Response {
    int status = 500;
    std::string_view reason = "Internal Server Error";  ///< the status's usual phrase; nginx makes none itself
    std::vector<std::pair<std::string_view, std::string>> headers;
    std::string body;
};

}  // namespace http
