#include "http/handler.hpp"

#include <charconv>
#include <exception>
#include <random>
#include <string>
#include <system_error>
#include <typeinfo>
#include <utility>
#include <variant>

#include "core/access/login.hpp"
#include "core/access/login_throttle.hpp"
#include "http/client_address.hpp"
#include "http/csv.hpp"
#include "http/form.hpp"
#include "http/json.hpp"
#include "http/metrics.hpp"
#include "http/router.hpp"

namespace http {
namespace {

constexpr char kVersion[] =
#include "version.inc"
    ;

/// A longer wait comes from a clock that was set, not from a queue: the web server gives up long before.
constexpr std::chrono::minutes kLongestQueue{1};

/// The web server's id, which its log then has too; a random one when it gave none of 32 hexadecimal digits.
std::string request_id(std::string_view given) {
    constexpr std::string_view kHex = "0123456789abcdefABCDEF";
    if (given.size() == 32 && given.find_first_not_of(kHex) == given.npos) return std::string{given};
    static std::random_device random;
    std::string id;
    while (id.size() < 32)
        for (auto word = random(); word != 0 && id.size() < 32; word >>= 4) id += kHex[word & 15];
    return id;
}

/// Whether the request waited longer than max for a free process. A queued_at that is empty, is not a number or is not
/// plausible counts as no wait.
bool waited_too_long(std::string_view queued_at, std::chrono::system_clock::time_point now,
                     std::chrono::milliseconds max) {
    double seconds = 0;
    const auto [end, error] = std::from_chars(queued_at.data(), queued_at.data() + queued_at.size(), seconds);
    if (error != std::errc{} || end != queued_at.data() + queued_at.size()) return false;
    const auto waited = std::chrono::duration<double>{now.time_since_epoch()} - std::chrono::duration<double>{seconds};
    return waited > max && waited < kLongestQueue;
}

/// The reason phrases of RFC 9110, section 15, and RFC 6585 (429).
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

/// type: the media type of body. allowed_methods: the value of the Allow header of a 405.
Response make_response(core::Code code, std::string body, const char* type = kJsonType,
                       const char* allowed_methods = "GET, HEAD, POST") {
    Response response;
    response.status = core::status_of(code);
    response.reason = reason_phrase(code);
    response.headers = {{"Content-Type", type}, {"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}};
    if (code == core::Code::kUnauthenticated)
        response.headers.emplace_back("WWW-Authenticate", R"(Basic realm="queue statistics", charset="UTF-8")");
    if (code == core::Code::kMethodNotAllowed) response.headers.emplace_back("Allow", allowed_methods);
    if (code == core::Code::kUnavailable) response.headers.emplace_back("Retry-After", "1");
    if (code == core::Code::kTooManyAttempts)
        response.headers.emplace_back("Retry-After", std::to_string(core::access::LoginThrottle::kRetryAfter.count()));
    response.body = std::move(body);
    return response;
}

Response refuse(const core::Refusals& refusals) { return make_response(refusals.front().code, refusal_body(refusals)); }

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

bool only_reads(const Request& request) { return request.method == "GET" || request.method == "HEAD"; }

/// A 405 of a path that is not a function.
Response refuse_to_write() {
    const core::Code code = core::Code::kMethodNotAllowed;
    return make_response(code, refusal_body({core::refusal(code)}), kJsonType, "GET, HEAD");
}

}  // namespace

Handler::Handler(core::Store& store, core::access::HashingSlots& slots, const Counters& counters,
                 HandlerOptions options)
    : options_{options},
      api_{store, slots, options.verified_logins, options.token_life},
      health_{store},
      counters_{counters} {}

Response Handler::handle(const Request& request, int client_socket, Now now, LogEntry& entry) noexcept {
    entry.id = request_id(request.request_id);
    entry.method = request.method;
    core::Request asked{.now = now.steady,
                        .wall_clock = now.system,
                        .deadline = now.steady + options_.deadline,
                        .client_socket = client_socket,
                        .client_address = client_address(request.remote_addr)};
    Response response;
    try {
        response = respond(request, now, asked, entry);
    } catch (const core::StoreFailure& failure) {
        response = refuse({core::refusal(code_of(failure.kind()))});
        entry.error = failure.detail();
    } catch (const std::exception& bug) {
        response = refuse({core::refusal(core::Code::kInternal)});
        entry.error = std::string{typeid(bug).name()} + ": " + bug.what();
    }
    response.headers.emplace_back("X-Request-ID", entry.id);
    response.headers.emplace_back("Content-Length", std::to_string(response.body.size()));
    if (request.method == "HEAD") response.body.clear();
    entry.status = response.status;
    entry.client = asked.client_address.value_or("");
    entry.trace = std::move(asked.trace);
    return response;
}

Response Handler::respond(const Request& request, Now now, core::Request& asked, LogEntry& entry) {
    const Route route = route_of(request);
    if (std::holds_alternative<NoFunction>(route)) return refuse({core::refusal(core::Code::kNotFound)});
    if (std::holds_alternative<HealthCheck>(route)) {
        entry.function = "health";
        return health(request, asked, entry);
    }
    if (std::holds_alternative<Metrics>(route)) {
        entry.function = "metrics";
        return metrics(request);
    }
    const core::Function& function = *std::get<const core::Function*>(route);
    entry.function = function.path;
    const core::Result<core::Answer> answer = this->answer(function, request, now, asked);
    if (!answer) return refuse(answer.refusals());
    if (answer->file_name().empty()) return make_response(core::Code::kOk, answer_body(*answer));
    Response response = make_response(core::Code::kOk, csv_body(*answer), kCsvType);
    response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + answer->file_name() + ".csv\"");
    return response;
}

core::Result<core::Answer> Handler::answer(const core::Function& function, const Request& request, Now now,
                                           core::Request& asked) {
    const core::Result<std::string_view> form = read_form(request);
    if (!form) return form.refusals();
    if (waited_too_long(request.queued_at, now.system, options_.queued_max)) {
        asked.trace.overload = "waited too long for a free process";
        return core::refusal(core::Code::kUnavailable);
    }
    const core::Result<core::Parameters> parameters =
        core::read_parameters(function.parameters, core::access::login_parameters(), request.query_string, *form);
    if (!parameters) return parameters.refusals();
    return api_.answer(function, *parameters, request.authorization, asked);
}

Response Handler::health(const Request& request, core::Request& asked, LogEntry& entry) {
    if (!only_reads(request)) return refuse_to_write();
    const bool healthy = health_.is_healthy(asked, entry.error);
    return make_response(healthy ? core::Code::kOk : core::Code::kUnavailable, health_body(healthy));
}

Response Handler::metrics(const Request& request) const {
    if (!only_reads(request)) return refuse_to_write();
    return make_response(core::Code::kOk, metrics_text(counters_, kVersion), kMetricsType);
}

}  // namespace http
