#include "http/router.hpp"

#include <string>

namespace http {

Route route_of(const Request& request) {
    constexpr std::string_view kHealthPath = "/queue-statistics/health";
    constexpr std::string_view kMetricsPath = "/queue-statistics/metrics";
    std::string path{request.document_uri};
    if (path.empty()) path.append(request.script_name).append(request.path_info);
    if (path == kHealthPath) return HealthCheck{};
    if (path == kMetricsPath) return Metrics{};
    if (const core::Function* const function = core::find_function(function_name(path))) return function;
    return NoFunction{};
}

std::string_view function_name(std::string_view path) {
    constexpr std::string_view kBefore = "/api/json/";
    const std::size_t begin = path.rfind(kBefore);
    if (begin == path.npos) return {};
    path.remove_prefix(begin + kBefore.size());
    if (path.ends_with('/')) path.remove_suffix(1);
    return path;
}

}  // namespace http
