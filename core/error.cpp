#include "core/error.hpp"

#include <cassert>

namespace core {

std::string_view default_message(Code code) {
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
    assert(false);
    return "";
}

Error refusal(Code code) { return {code, "", default_message(code)}; }

Error unreadable(std::string_view key) { return {Code::kInvalid, key, default_message(Code::kInvalid)}; }

Error invalid(std::string_view key) {
    if (key == "destination") return {Code::kInvalid, key, "The destination is invalid."};
    if (key == "queue") return {Code::kInvalid, key, "The queue is invalid."};
    if (key == "start") return {Code::kInvalid, key, "The start is invalid."};
    assert(key == "end");
    return {Code::kInvalid, key, "The end is invalid."};
}

Error both_destination_and_queue() {
    return {Code::kInvalid, "destination", "Specify destination or queue, but not both."};
}

Error neither_destination_nor_queue() { return {Code::kInvalid, "destination", "Specify destination or queue."}; }

Error start_after_end() { return {Code::kInvalid, "start", "The start is after the end."}; }

Error no_such_queue(std::string_view key) {
    return {Code::kNotFound, key, "The queue does not exist, or you do not have permission to view it."};
}

}  // namespace core
