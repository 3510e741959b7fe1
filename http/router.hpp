#pragma once

#include <string_view>
#include <variant>

#include "core/function.hpp"
#include "http/message.hpp"

/// Finds what the path of a request names.
namespace http {

struct HealthCheck {};  ///< /queue-statistics/health
struct Metrics {};      ///< /queue-statistics/metrics
struct NoFunction {};   ///< none of these, and no function

/// The pointer is never null, and valid as long as the program runs.
using Route = std::variant<NoFunction, HealthCheck, Metrics, const core::Function*>;

/// The route of the path in DOCUMENT_URI or, when that is empty, in SCRIPT_NAME followed by PATH_INFO.
Route route_of(const Request& request);

/// The name of the function in a path: the part after the last "/api/json/", without one trailing slash. Empty when
/// path has no "/api/json/". A view into path.
std::string_view function_name(std::string_view path);

}  // namespace http
