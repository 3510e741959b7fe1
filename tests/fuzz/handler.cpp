#include "http/handler.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "http/form.hpp"
#include "tests/fuzz/contract.hpp"
#include "tests/unit/fake_counters.hpp"
#include "tests/unit/fake_store.hpp"
#include "tests/unit/handler_options.hpp"

namespace {

/// The failure that a letter chooses; nullopt when the store does not fail.
std::optional<core::StoreFailure> failure_of(char choice) {
    switch (choice) {
        case 'u':
            return core::StoreFailure{core::StoreFailure::Kind::kUnavailable, "no\nconnection"};
        case 's':
            return core::StoreFailure{core::StoreFailure::Kind::kTooSlow, "57014"};
        case 'b':
            return core::StoreFailure{core::StoreFailure::Kind::kBroken, "22P02 \"x\""};
        default:
            return std::nullopt;
    }
}

}  // namespace

/// The first byte of the input says how the store fails; with h the store works and passwords may be hashed, which
/// takes long. CGI variables follow as NAME=value, one per line, then an empty line and a body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input = fuzz::text_of(data, size);
    if (input.empty()) return 0;
    FakeStore store;
    store.failure = failure_of(input[0]);
    FakeSlots slots;
    FakeCounters counters;
    slots.all_taken = input[0] != 'h';
    input.remove_prefix(1);

    std::map<std::string_view, std::string_view> variables;
    while (!input.empty()) {
        std::string_view value = fuzz::take(input);
        if (value.empty()) break;
        const std::string_view name = fuzz::take(value, '=');
        variables[name] = value;
    }
    const http::Request request{.method = variables["REQUEST_METHOD"],
                                .document_uri = variables["DOCUMENT_URI"],
                                .script_name = variables["SCRIPT_NAME"],
                                .path_info = variables["PATH_INFO"],
                                .query_string = variables["QUERY_STRING"],
                                .content_type = variables["CONTENT_TYPE"],
                                .content_length = variables["CONTENT_LENGTH"],
                                .content_encoding = variables["HTTP_CONTENT_ENCODING"],
                                .authorization = variables["HTTP_AUTHORIZATION"],
                                .remote_addr = variables["REMOTE_ADDR"],
                                .request_id = variables["REQUEST_ID"],
                                .queued_at = variables["QUEUED_AT"],
                                .body = input.substr(0, http::kMaxBodyBytes + 1)};

    http::Handler handler{store, slots, counters, default_options()};
    http::LogEntry entry;
    const http::Handler::Now now{std::chrono::steady_clock::time_point{std::chrono::hours{1000}},
                                 std::chrono::system_clock::time_point{std::chrono::seconds{1'800'000'000}}};
    const http::Response response = handler.handle(request, -1, now, entry);

    MUST(slots.held == 0);
    std::map<std::string, std::string> headers;
    for (const auto& [name, value] : response.headers) MUST(headers.emplace(name, value).second);
    fuzz::check_answer(response.status, headers, response.body, request.method == "HEAD");
    http::count(entry, counters);
    const std::string line = http::format(entry);
    MUST(line.size() <= 2000 && line.starts_with("request id=" + headers["X-Request-ID"] + " method="));
    MUST(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; }));
    return 0;
}
