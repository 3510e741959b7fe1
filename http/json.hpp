#pragma once

#include <string>

#include "core/refusal.hpp"
#include "core/table.hpp"

/// The JSON bodies. Clients of the published function rely on the order of the keys, which jsoncpp's objects do not
/// keep. So the structure is written here; jsoncpp only escapes text.
namespace http {

inline constexpr char kJsonType[] = "application/json; charset=utf-8";

/// {"responses":[{"code":"200","key":"","message":"OK"}],"data":...}. The answer's shape says whether data is an
/// object, an array of objects or a number. Each object has a member per column.
std::string answer_body(const core::Answer& answer);

/// {"responses":[...]} with one entry per refusal. Precondition: refusals is not empty.
std::string refusal_body(const core::Refusals& refusals);

/// {"status":"ok"} or {"status":"unavailable"}.
std::string health_body(bool healthy);

}  // namespace http
