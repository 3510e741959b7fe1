#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace http {

/// The address that remote_addr writes, in the form of inet_ntop(3); an IPv4-mapped IPv6 address as IPv4:
/// "::ffff:192.0.2.1" gives "192.0.2.1". Returns nullopt for anything else, for example "192.0.2.1:80".
std::optional<std::string> client_address(std::string_view remote_addr);

}  // namespace http
