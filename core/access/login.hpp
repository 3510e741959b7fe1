#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/parameters.hpp"

namespace core::access {

/// A username is at most 255 bytes and a password 511 (crypt(3) refuses more); longer ones match nobody.
inline constexpr std::size_t kMaxUsernameBytes = 255;
inline constexpr std::size_t kMaxPasswordBytes = 511;

/// The parameters that say who asks, which every function knows beside its own.
Names login_parameters();

/// Who asks. Neither is empty.
struct Login {
    std::string username;
    std::string password;
};

/// The login in the parameters or, when neither of their names occurs, in an HTTP `Authorization: Basic` header
/// (RFC 7617, UTF-8). Nothing when username or password is missing, empty or too long, or the header is of another
/// scheme, has broken base64, no colon, invalid UTF-8 or a NUL.
std::optional<Login> find_login(const Parameters& parameters, std::string_view authorization);

}  // namespace core::access
