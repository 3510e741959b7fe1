#include "core/access/login.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/text.hpp"

namespace core::access {
namespace {

constexpr std::string_view kUsername = "auth_username";
constexpr std::string_view kPassword = "auth_password";
constexpr std::string_view kToken = "auth_token";
constexpr std::array kLoginParameters{kUsername, kPassword, kToken};

/// What follows the scheme in an Authorization header, after one space or more; nullopt when the header has another
/// scheme. scheme: in lower case, with a space behind it. In the header it may have any letter case (RFC 7235, section
/// 2.1).
std::optional<std::string_view> after_scheme(std::string_view authorization, std::string_view scheme) {
    if (!equal_ignoring_case(authorization.substr(0, scheme.size()), scheme)) return std::nullopt;
    return authorization.substr(std::min(authorization.find_first_not_of(' ', scheme.size()), authorization.size()));
}

Proof login_of(std::string username, std::string password) {
    if (username.empty() || password.empty() || username.size() > kMaxUsernameBytes ||
        password.size() > kMaxPasswordBytes)
        return {};
    return Login{std::move(username), std::move(password)};
}

Proof token_of(std::string text) { return text.empty() ? Proof{} : Token{std::move(text)}; }

Proof read_authorization(std::string_view authorization) {
    if (const auto token = after_scheme(authorization, "bearer ")) return token_of(std::string{*token});
    const auto encoded = after_scheme(authorization, "basic ");  // of username:password
    const std::optional<std::string> decoded = encoded ? decode_base64(*encoded) : std::nullopt;
    if (!decoded || !is_text(*decoded)) return {};
    const std::size_t colon = decoded->find(':');
    if (colon == std::string::npos) return {};
    return login_of(decoded->substr(0, colon), decoded->substr(colon + 1));
}

}  // namespace

Names login_parameters() { return kLoginParameters; }

Proof find_proof(const Parameters& parameters, std::string_view authorization) {
    const std::string* const username = parameters.find(kUsername);
    const std::string* const password = parameters.find(kPassword);
    if (username != nullptr || password != nullptr)
        return login_of(username != nullptr ? *username : "", password != nullptr ? *password : "");
    if (const std::string* const token = parameters.find(kToken)) return token_of(*token);
    return read_authorization(authorization);
}

}  // namespace core::access
