#pragma once

#include <cstddef>
#include <string_view>

#include "core/refusal.hpp"
#include "http/message.hpp"

namespace http {

/// The largest body, included; a larger one is answered 413. All parameters fit, each with its longest value, in
/// percent-encoded form.
inline constexpr std::size_t kMaxBodyBytes = 8192;

/// The form in the body of a POST; empty for GET and HEAD, whose body is ignored. A view into request.body. Refuses, in
/// this order: 405 for any other method; 413 for a body or a CONTENT_LENGTH over kMaxBodyBytes, whatever the method;
/// 415 for a POST whose body is not a form or is content-encoded; 400 for a POST whose CONTENT_LENGTH is not a number
/// or is more than what came.
core::Result<std::string_view> read_form(const Request& request);

/// Whether a Content-Type is application/x-www-form-urlencoded, without any parameter but charset=utf-8, in any letter
/// case.
bool is_form(std::string_view content_type);

}  // namespace http
