#include "core/access/login.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace core::access {
namespace {

constexpr std::string_view kUsername = "auth_username";
constexpr std::string_view kPassword = "auth_password";
constexpr std::array kLoginParameters{kUsername, kPassword};

/// The login in `Basic base64(username:password)`. The scheme may have any letter case (RFC 7235, section 2.1).
std::optional<Login> read_basic(std::string_view authorization) {
    constexpr std::string_view kScheme = "basic ";
    if (!equal_ignoring_case(authorization.substr(0, kScheme.size()), kScheme)) return std::nullopt;
    authorization.remove_prefix(std::min(authorization.find_first_not_of(' ', kScheme.size()), authorization.size()));
    const std::optional<std::string> decoded = decode_base64(authorization);
    if (!decoded || !is_text(*decoded)) return std::nullopt;
    const std::size_t colon = decoded->find(':');
    if (colon == std::string::npos) return std::nullopt;
    return Login{decoded->substr(0, colon), decoded->substr(colon + 1)};
}

}  // namespace

Names login_parameters() { return kLoginParameters; }

std::optional<Login> find_login(const Parameters& parameters, std::string_view authorization) {
    std::optional<Login> login;
    const std::string* const username = parameters.find(kUsername);
    const std::string* const password = parameters.find(kPassword);
    if (username != nullptr || password != nullptr)
        login = Login{username != nullptr ? *username : "", password != nullptr ? *password : ""};
    else
        login = read_basic(authorization);
    if (!login || login->username.empty() || login->password.empty() || login->username.size() > kMaxUsernameBytes ||
        login->password.size() > kMaxPasswordBytes)
        return std::nullopt;
    return login;
}

}  // namespace core::access
