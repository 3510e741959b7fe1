#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace http {

/// An IPv4 or IPv6 address in its usual form, an IPv4-mapped one as IPv4; nothing for anything else.
std::optional<std::string> client_address(std::string_view remote_addr);

}  // namespace http
