#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/parameters.hpp"

namespace core::access {

/// The longest username and the longest password, in bytes, included. A longer one is answered 401 at once: the
/// database stores no longer username, and crypt(3) refuses a longer password.
inline constexpr std::size_t kMaxUsernameBytes = 255;
inline constexpr std::size_t kMaxPasswordBytes = 511;

/// The names of the parameters of a login. Every function knows them beside its own parameters.
Names login_parameters();

/// A login as the client sent it. Neither text is empty.
struct Login {
    std::string username;
    std::string password;
};

/// The login in the parameters or, when neither login parameter occurs, in an HTTP `Authorization: Basic` header
/// (RFC 7617, UTF-8). authorization: the header's value, or empty. Returns nullopt when username or password is
/// missing, empty or too long, and when the header has another scheme, broken base64, no colon, invalid UTF-8 or a NUL.
/// For example, "auth_username=" makes it nullopt even when the header has a login.
std::optional<Login> find_login(const Parameters& parameters, std::string_view authorization);

}  // namespace core::access
