#include "fcgi/handler.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <random>
#include <typeinfo>

#include "core/error.hpp"
#include "core/request.hpp"
#include "fcgi/envelope.hpp"

namespace fcgi {
namespace {

constexpr std::string_view kFunction = "queues/destinations/statistics/get";
constexpr std::string_view kHealthPath = "/queue-statistics/health";
constexpr std::chrono::seconds kProbeInterval{1};
/// A QUEUED_AT further away than this is a broken clock, not a queue: the web server gave up long before.
constexpr std::chrono::minutes kLongestQueue{1};

bool equal_ignoring_case(std::string_view a, std::string_view lower) {
    return std::equal(a.begin(), a.end(), lower.begin(), lower.end(),
                      [](char c, char l) { return (c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) == l; });
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string path_of(const CgiRequest& request) {
    if (!request.document_uri.empty()) return std::string{request.document_uri};
    return std::string{request.script_name} + std::string{request.path_info};
}

/// The id the web server gave, which then stands in its log too, or one of our own.
std::string request_id(std::string_view given) {
    constexpr std::string_view kHex = "0123456789abcdefABCDEF";
    if (given.size() == 32 && given.find_first_not_of(kHex) == given.npos) return std::string{given};
    static std::random_device random;
    std::string id;
    while (id.size() < 32)
        for (auto word = random(); word != 0 && id.size() < 32; word >>= 4) id += kHex[word & 15];
    return id;
}

struct Length {
    bool readable = true;    ///< a whole number of ASCII digits, or nothing at all
    bool too_large = false;  ///< over kMaxBodyBytes
    std::size_t bytes = 0;   ///< when readable and not too_large
};

Length read_content_length(std::string_view text) {
    Length length;
    if (text.find_first_not_of("0123456789") != text.npos) {
        length.readable = false;
        return length;
    }
    const auto error = std::from_chars(text.data(), text.data() + text.size(), length.bytes).ec;
    length.too_large = error == std::errc::result_out_of_range || length.bytes > kMaxBodyBytes;
    return length;
}

/// Whether the request waited longer than max for one of us. Nothing, or nothing plausible, counts as no wait.
bool waited_too_long(std::string_view queued_at, std::chrono::system_clock::time_point now,
                     std::chrono::milliseconds max) {
    double seconds = 0;
    const auto [end, error] = std::from_chars(queued_at.data(), queued_at.data() + queued_at.size(), seconds);
    if (error != std::errc{} || end != queued_at.data() + queued_at.size()) return false;
    const auto waited = std::chrono::duration<double>{now.time_since_epoch()} - std::chrono::duration<double>{seconds};
    return waited > max && waited < kLongestQueue;
}

/// The phrases of RFC 9110, section 15, and RFC 6585.
std::string_view reason_phrase(core::Code code) {
    switch (code) {
        case core::Code::kOk:
            return "OK";
        case core::Code::kInvalid:
            return "Bad Request";
        case core::Code::kUnauthenticated:
            return "Unauthorized";
        case core::Code::kRoleForbids:
            return "Payment Required";
        case core::Code::kNotFound:
            return "Not Found";
        case core::Code::kMethodNotAllowed:
            return "Method Not Allowed";
        case core::Code::kTooLarge:
            return "Content Too Large";
        case core::Code::kUnsupportedMediaType:
            return "Unsupported Media Type";
        case core::Code::kTooManyAttempts:
            return "Too Many Requests";
        case core::Code::kInternal:
            return "Internal Server Error";
        case core::Code::kUnavailable:
            return "Service Unavailable";
        case core::Code::kTooSlow:
            return "Gateway Timeout";
    }
    return "Unknown";
}

/// allowed_methods: for the Allow header of a 405.
Response make_response(core::Code code, std::string body, const char* allowed_methods = "GET, HEAD, POST") {
    Response response;
    response.status = core::status_of(code);
    response.reason = reason_phrase(code);
    response.headers = {{"Content-Type", "application/json; charset=utf-8"},
                        {"Cache-Control", "no-store"},
                        {"X-Content-Type-Options", "nosniff"}};
    if (code == core::Code::kUnauthenticated)
        response.headers.emplace_back("WWW-Authenticate", R"(Basic realm="queue statistics", charset="UTF-8")");
    if (code == core::Code::kMethodNotAllowed) response.headers.emplace_back("Allow", allowed_methods);
    if (code == core::Code::kUnavailable) response.headers.emplace_back("Retry-After", "1");
    if (code == core::Code::kTooManyAttempts)
        response.headers.emplace_back("Retry-After", std::to_string(core::LoginThrottle::kRetryAfter.count()));
    response.body = std::move(body);
    return response;
}

Response respond(const core::Result<core::Statistics>& result) {
    if (result) return make_response(core::Code::kOk, success_body(*result));
    return make_response(result.errors().front().code, error_body(result.errors()));
}

core::Code code_of(core::StoreFailure::Kind kind) {
    switch (kind) {
        case core::StoreFailure::Kind::kUnavailable:
            return core::Code::kUnavailable;
        case core::StoreFailure::Kind::kTooSlow:
            return core::Code::kTooSlow;
        case core::StoreFailure::Kind::kBroken:
            break;
    }
    return core::Code::kInternal;
}

}  // namespace

std::string_view function_name(std::string_view path) {
    constexpr std::string_view kBefore = "/api/json/";
    const std::size_t begin = path.rfind(kBefore);
    if (begin == path.npos) return {};
    path.remove_prefix(begin + kBefore.size());
    if (path.ends_with('/')) path.remove_suffix(1);
    return path;
}

bool is_form(std::string_view content_type) {
    std::size_t semicolon = content_type.find(';');
    if (!equal_ignoring_case(trimmed(content_type.substr(0, semicolon)), "application/x-www-form-urlencoded"))
        return false;
    while (semicolon != content_type.npos) {
        content_type.remove_prefix(semicolon + 1);
        semicolon = content_type.find(';');
        const std::string_view parameter = trimmed(content_type.substr(0, semicolon));
        if (!equal_ignoring_case(parameter, "charset=utf-8") && !equal_ignoring_case(parameter, R"(charset="utf-8")"))
            return false;
    }
    return true;
}

std::optional<std::string> client_address(std::string_view remote_addr) {
    const std::string text{remote_addr};
    in_addr v4{};
    in6_addr v6{};
    char canonical[INET6_ADDRSTRLEN];
    if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return inet_ntop(AF_INET, &v4, canonical, sizeof canonical);
    if (inet_pton(AF_INET6, text.c_str(), &v6) != 1) return std::nullopt;
    if (IN6_IS_ADDR_V4MAPPED(&v6)) return inet_ntop(AF_INET, &v6.s6_addr[12], canonical, sizeof canonical);
    return inet_ntop(AF_INET6, &v6, canonical, sizeof canonical);
}

Handler::Handler(core::Store& store, core::HashingSlots& slots, HandlerOptions options)
    : store_{store}, get_statistics_{store, slots, options.verified_logins}, queued_max_{options.queued_max} {}

Response Handler::handle(const CgiRequest& request, Now now, LogEntry& entry) noexcept {
    entry.id = request_id(request.request_id);
    entry.method = request.method;
    const std::optional<std::string> client = client_address(request.remote_addr);
    entry.client = client.value_or("");

    Response response;
    try {
        response = path_of(request) == kHealthPath ? health(request, now, entry)
                                                   : respond(answer(request, client, now, entry));
    } catch (const core::StoreFailure& failure) {
        response = respond(core::refusal(code_of(failure.kind())));
        entry.error = failure.detail();
    } catch (const std::exception& bug) {
        response = respond(core::refusal(core::Code::kInternal));
        entry.error = std::string{typeid(bug).name()} + ": " + bug.what();
    }
    response.headers.emplace_back("X-Request-ID", entry.id);
    response.headers.emplace_back("Content-Length", std::to_string(response.body.size()));
    if (request.method == "HEAD") response.body.clear();
    entry.status = response.status;
    return response;
}

core::Result<core::Statistics> Handler::answer(const CgiRequest& request, const std::optional<std::string>& client,
                                               Now now, LogEntry& entry) {
    if (function_name(path_of(request)) != kFunction) return core::refusal(core::Code::kNotFound);
    entry.function = "statistics";
    const bool is_post = request.method == "POST";
    if (!is_post && request.method != "GET" && request.method != "HEAD")
        return core::refusal(core::Code::kMethodNotAllowed);

    const Length length = read_content_length(request.content_length);
    if (length.too_large || request.body.size() > kMaxBodyBytes) return core::refusal(core::Code::kTooLarge);
    std::string_view form;
    if (is_post) {
        const bool encoded =
            !request.content_encoding.empty() && !equal_ignoring_case(request.content_encoding, "identity");
        if ((length.bytes > 0 || !request.body.empty()) && (encoded || !is_form(request.content_type)))
            return core::refusal(core::Code::kUnsupportedMediaType);
        if (!length.readable || request.body.size() < length.bytes) return core::unreadable("");
        form = request.body.substr(0, length.bytes);
    }

    if (waited_too_long(request.queued_at, now.system, queued_max_)) {
        entry.trace.overload = "waited too long for a free process";
        return core::refusal(core::Code::kUnavailable);
    }
    const core::Result<core::Parameters> parameters = core::read_parameters(request.query_string, form);
    if (!parameters) return parameters.errors();

    return get_statistics_.run(*parameters, request.authorization, client, now.steady, entry.trace);
}

Response Handler::health(const CgiRequest& request, Now now, LogEntry& entry) {
    entry.function = "health";
    if (request.method != "GET" && request.method != "HEAD") {
        const core::Code code = core::Code::kMethodNotAllowed;
        return make_response(code, error_body({core::refusal(code)}), "GET, HEAD");
    }
    if (!last_probe_ || now.steady - *last_probe_ >= kProbeInterval) {
        last_probe_ = now.steady;
        try {
            store_.probe();
            healthy_ = true;
        } catch (const core::StoreFailure& failure) {
            healthy_ = false;
            entry.error = failure.detail();
        }
    }
    return make_response(healthy_ ? core::Code::kOk : core::Code::kUnavailable, health_body(healthy_));
}

}  // namespace fcgi
