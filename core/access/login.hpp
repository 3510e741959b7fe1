#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

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

/// A token as the client sent it, not empty; read_token() reads it.
struct Token {
    std::string text;
};

/// What a client shows to prove who it is, if anything.
using Proof = std::variant<std::monostate, Login, Token>;

/// The proof in a request. The first of these that occurs, even empty, is the only one that counts: auth_username and
/// auth_password; auth_token; an `Authorization` header with the scheme Basic (RFC 7617, UTF-8) or Bearer (RFC 6750).
/// authorization: the header's value, or empty. Nothing when username or password is missing, empty or too long, when
/// the token is empty, and when the header has another scheme, broken base64, no colon, invalid UTF-8 or a NUL. For
/// example, "auth_username=" is nothing even when the header has a login.
Proof find_proof(const Parameters& parameters, std::string_view authorization);

}  // namespace core::access
