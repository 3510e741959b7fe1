#include "core/refusal.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace core {
namespace {

/// Empty for a number that is no code. The compiler warns of a code without a message.
constexpr std::string_view message_of(Code code) {
    switch (code) {
        case Code::kOk:
            return "OK";
        case Code::kInvalid:
            return "The request could not be read.";
        case Code::kUnauthenticated:
            return "The authentication details provided are invalid.";
        case Code::kRoleForbids:
            return "Your role does not allow this.";
        case Code::kNotFound:
            return "The function does not exist.";
        case Code::kMethodNotAllowed:
            return "Use GET, HEAD or POST.";
        case Code::kTooLarge:
            return "The request is too large.";
        case Code::kUnsupportedMediaType:
            return "Send the parameters as application/x-www-form-urlencoded.";
        case Code::kTooManyAttempts:
            return "Too many failed attempts. Try again later.";
        case Code::kInternal:
            return "An internal error occurred.";
        case Code::kUnavailable:
            return "The service is unavailable. Try again later.";
        case Code::kTooSlow:
            return "The database took too long to answer.";
    }
    return "";
}

/// Whether exactly the codes with a message stand in kAllCodes, each once.
constexpr bool has_all_codes() {
    std::size_t place = 0;
    for (int status = 0; status < 1000; ++status)
        if (!message_of(Code{status}).empty() && (place == kAllCodes.size() || kAllCodes[place++] != Code{status}))
            return false;
    return place == kAllCodes.size();
}
static_assert(has_all_codes());

}  // namespace

std::string_view default_message(Code code) {
    const std::string_view message = message_of(code);
    assert(!message.empty());
    return message;
}

Refusal refusal(Code code) { return {code, "", std::string{default_message(code)}}; }

Refusal unreadable(std::string_view key) { return {Code::kInvalid, key, std::string{default_message(Code::kInvalid)}}; }

Refusal invalid(std::string_view key) {
    std::string words{key};
    std::ranges::replace(words, '_', ' ');
    return {Code::kInvalid, key, "The " + words + " is invalid."};
}

Refusal no_such_queue(std::string_view key) {
    return {Code::kNotFound, key, "The queue does not exist, or you do not have permission to view it."};
}

Refusal no_such_destination(std::string_view key) {
    return {Code::kNotFound, key, "The queue or destination does not exist, or you do not have permission to view it."};
}

}  // namespace core
