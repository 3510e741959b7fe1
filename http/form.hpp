#pragma once

#include <cstddef>
#include <string_view>

#include "core/refusal.hpp"
#include "http/message.hpp"

namespace http {

/// A larger body is answered 413. All parameters of the longest allowed values fit in percent-encoded form.
inline constexpr std::size_t kMaxBodyBytes = 8192;

/// The form in the body of a POST; empty for other methods, whose body is ignored. Refused, in this order: a method
/// that is not GET, HEAD or POST; a body over kMaxBodyBytes, for every method; of a POST a body that is not a form, or
/// is content-encoded; a CONTENT_LENGTH that is not a number, or more than came.
core::Result<std::string_view> read_form(const Request& request);

/// Whether a Content-Type is application/x-www-form-urlencoded, with no parameter but charset=utf-8.
bool is_form(std::string_view content_type);

}  // namespace http
