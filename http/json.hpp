#pragma once

#include <string>

#include "core/refusal.hpp"
#include "core/table.hpp"

/// The JSON bodies. Keys stand in the order that clients of the published function rely on, which no JSON library's
/// objects keep; so the structure is written here, and only what needs escaping by the library.
namespace http {

/// {"responses":[{"code":"200","key":"","message":"OK"}],"data":...}; data is an object or an array of objects, with a
/// member per column, as the answer's shape says.
std::string answer_body(const core::Answer& answer);

/// {"responses":[...]} with one entry per refusal. Precondition: refusals is not empty.
std::string refusal_body(const core::Refusals& refusals);

/// {"status":"ok"} or {"status":"unavailable"}
std::string health_body(bool healthy);

}  // namespace http
