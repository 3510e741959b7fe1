#pragma once

#include <string_view>
#include <variant>

#include "core/function.hpp"
#include "http/message.hpp"

/// What a request's path names.
namespace http {

struct HealthCheck {};
struct NoFunction {};

using Route = std::variant<NoFunction, HealthCheck, const core::Function*>;  ///< a function is never null

/// By DOCUMENT_URI, or SCRIPT_NAME and PATH_INFO where there is none.
Route route_of(const Request& request);

/// The function that a path names: what follows its last "/api/json/", without a trailing slash; empty when there is no
/// "/api/json/" in it.
std::string_view function_name(std::string_view path);

}  // namespace http
