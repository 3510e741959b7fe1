#pragma once

#include <string>

#include "core/error.hpp"
#include "core/get_statistics.hpp"

/// The JSON bodies. Keys stand in the order that callers of the published function rely on, which no JSON library's
/// objects keep; so the structure is written here, and only what needs escaping by the library.
namespace fcgi {

/// {"responses":[{"code":"200","key":"","message":"OK"}],"data":...}
std::string success_body(const core::Statistics& statistics);

/// {"responses":[...]} with one entry an error. Precondition: errors is not empty.
std::string error_body(const core::Errors& errors);

/// {"status":"ok"} or {"status":"unavailable"}
std::string health_body(bool healthy);

}  // namespace fcgi
