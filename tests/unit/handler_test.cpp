#include "http/handler.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "http/client_address.hpp"
#include "http/form.hpp"
#include "tests/unit/fake_counters.hpp"
#include "tests/unit/fake_store.hpp"
#include "tests/unit/handler_options.hpp"

using namespace std::chrono_literals;

namespace {

constexpr int kClientSocket = 7;
constexpr char kForm[] = "application/x-www-form-urlencoded";
constexpr char kPath[] = "/api/json/queues/destinations/statistics/get/";
constexpr char kGood[] = "auth_username=user;auth_password=secret;queue=5";

struct Fixture {
    FakeStore store;
    FakeSlots slots;
    FakeCounters counters;
    http::Handler handler{store, slots, counters, default_options()};
    http::Request request{.method = "GET", .document_uri = kPath, .query_string = kGood, .remote_addr = "192.0.2.1"};
    http::Handler::Now now{std::chrono::steady_clock::time_point{1000h},
                           std::chrono::system_clock::time_point{1800000000s}};
    http::LogEntry entry;

    http::Response response() {
        entry = {};
        store.asked.clear();
        return handler.handle(request, kClientSocket, now, entry);
    }
    int status() { return response().status; }

    /// "status [key] message" of the response.
    std::string refusal() {
        const http::Response r = response();
        const auto member = [&](const std::string& name) {
            const std::string before = "\"" + name + "\":\"";
            const std::size_t begin = r.body.find(before) + before.size();
            return r.body.substr(begin, r.body.find('"', begin) - begin);
        };
        BOOST_TEST(member("code") == std::to_string(r.status));
        BOOST_TEST(r.body.find("\"data\"") == r.body.npos);
        return std::to_string(r.status) + " [" + member("key") + "] " + member("message");
    }

    void post(std::string_view body, std::string_view type = kForm) {
        request.method = "POST";
        request.query_string = "";
        request.content_type = type;
        request.body = body;
        static std::string length;
        length = std::to_string(body.size());
        request.content_length = length;
    }
};

std::string header(const http::Response& response, std::string_view name) {
    std::string found = "absent";
    for (const auto& [n, value] : response.headers) {
        if (n != name) continue;
        BOOST_TEST(found == "absent");
        found = value;
    }
    return found;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(handler, Fixture)

BOOST_AUTO_TEST_CASE(a_right_request_is_answered_with_all_headers) {
    request.request_id = "0123456789abcdef0123456789ABCDEF";
    const http::Response r = response();
    BOOST_TEST(r.status == 200);
    BOOST_TEST(
        r.body.starts_with(R"({"responses":[{"code":"200","key":"","message":"OK"}],"data":[{"dtype":"phone",)"));
    BOOST_TEST(header(r, "Content-Type") == "application/json; charset=utf-8");
    BOOST_TEST(header(r, "Content-Length") == std::to_string(r.body.size()));
    BOOST_TEST(header(r, "Cache-Control") == "no-store");
    BOOST_TEST(header(r, "X-Content-Type-Options") == "nosniff");
    BOOST_TEST(header(r, "X-Request-ID") == "0123456789abcdef0123456789ABCDEF");
    BOOST_TEST(header(r, "Retry-After") == "absent");
    BOOST_TEST(header(r, "Allow") == "absent");
    BOOST_TEST(header(r, "WWW-Authenticate") == "absent");
    BOOST_TEST(entry.status == 200);
    BOOST_TEST(entry.function == "queues/destinations/statistics/get");
    BOOST_TEST(entry.trace.person.value() == 1);
}

BOOST_AUTO_TEST_CASE(a_request_id_of_another_form_is_replaced) {
    for (const char* given : {"", "x", "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdefa",
                              "0123456789abcdef0123456789abcde\n"}) {
        request.request_id = given;
        const std::string id = header(response(), "X-Request-ID");
        BOOST_TEST(id.size() == 32);
        BOOST_TEST(id.find_first_not_of("0123456789abcdef") == id.npos);
        BOOST_TEST(id != header(response(), "X-Request-ID"));
    }
}

BOOST_AUTO_TEST_CASE(head_has_the_same_headers_and_no_body) {
    request.request_id = "0123456789abcdef0123456789abcdef";
    const http::Response get = response();
    request.method = "HEAD";
    const http::Response head = response();
    BOOST_TEST(head.status == 200);
    BOOST_TEST(head.body.empty());
    BOOST_TEST((head.headers == get.headers));
    request.query_string = "";
    BOOST_TEST(status() == 401);
}

BOOST_AUTO_TEST_CASE(csv_is_a_file_of_its_own_name) {
    const std::string query = std::string{kGood} + ";format=csv";
    request.query_string = query;
    const http::Response r = response();
    BOOST_TEST(r.status == 200);
    BOOST_TEST(r.body.starts_with("dtype,dnumber,destination,calls,"));
    BOOST_TEST(r.body.ends_with("\r\n"));
    BOOST_TEST(header(r, "Content-Type") == "text/csv; charset=utf-8; header=present");
    BOOST_TEST(header(r, "Content-Disposition") == "attachment; filename=\"offers-queue-5.csv\"");
    BOOST_TEST(header(r, "Content-Length") == std::to_string(r.body.size()));
    BOOST_TEST(header(r, "Cache-Control") == "no-store");
    BOOST_TEST(header(r, "X-Content-Type-Options") == "nosniff");

    request.method = "HEAD";
    const http::Response head = response();
    BOOST_TEST(head.body == "");
    for (const char* name : {"Content-Type", "Content-Disposition", "Content-Length"})
        BOOST_TEST(header(head, name) == header(r, name));

    const std::string with_period = "auth_username=user;auth_password=secret;destination=7;start=00;end=010;format=csv";
    request.query_string = with_period;
    BOOST_TEST(header(response(), "Content-Disposition") ==
               "attachment; filename=\"offers-destination-7-from-0-to-10.csv\"");
}

BOOST_AUTO_TEST_CASE(a_refusal_is_json_whatever_the_format) {
    for (const char* query : {"auth_username=user;auth_password=secret;queue=6;format=csv",
                              "auth_username=user;auth_password=secret;queue=x;format=csv",
                              "auth_username=user;auth_password=wrong;queue=5;format=csv",
                              "auth_username=user;auth_password=secret;queue=5;format=CSV"}) {
        request.query_string = query;
        const http::Response r = response();
        BOOST_TEST(r.status >= 400);
        BOOST_TEST(header(r, "Content-Type") == "application/json; charset=utf-8");
        BOOST_TEST(header(r, "Content-Disposition") == "absent");
    }
}

BOOST_AUTO_TEST_CASE(the_function_is_what_follows_the_last_api_json) {
    for (const char* path :
         {"/api/json/queues/destinations/statistics/get", "/local/api/json/queues/destinations/statistics/get/",
          "/api/json/x/api/json/queues/destinations/statistics/get/"}) {
        request.document_uri = path;
        BOOST_TEST(status() == 200, path);
    }
    for (const char* path :
         {"/", "/api/json/", "/api/json/queues/gets/", "/queues/destinations/statistics/get/",
          "/api/json/queues/destinations/statistics/get//", "/api/json/Queues/destinations/statistics/get/",
          "/api/json/queues/destinations/statistics/get/x", "/queue-statistics/health/x"}) {
        request.document_uri = path;
        BOOST_TEST(refusal() == "404 [] The function does not exist.", path);
        BOOST_TEST(entry.function == "-");
    }
}

BOOST_AUTO_TEST_CASE(script_name_and_path_info_stand_in_for_document_uri) {
    request.document_uri = "";
    BOOST_TEST(status() == 404);
    request.script_name = "/api/json";
    request.path_info = "/queues/destinations/statistics/get/";
    BOOST_TEST(status() == 200);
}

BOOST_AUTO_TEST_CASE(refusals_come_in_order) {
    request = {.method = "PUT",
               .document_uri = "/api/json/x",
               .query_string = "queue=%",
               .content_type = "text/plain",
               .content_length = "99999999999999999999"};
    BOOST_TEST(refusal() == "404 [] The function does not exist.");
    request.document_uri = kPath;
    BOOST_TEST(refusal() == "405 [] Use GET, HEAD or POST.");
    request.method = "POST";
    BOOST_TEST(refusal() == "413 [] The request is too large.");
    request.content_length = "9";
    BOOST_TEST(refusal() == "415 [] Send the parameters as application/x-www-form-urlencoded.");
    request.content_type = kForm;
    BOOST_TEST(refusal() == "400 [] The request could not be read.");
    request.body = "queue=%zz";
    request.query_string = "";
    BOOST_TEST(refusal() == "400 [queue] The request could not be read.");
    request.content_length = "0";
    BOOST_TEST(refusal() == "401 [] The authentication details provided are invalid.");
    BOOST_TEST(store.asked.empty());
}

BOOST_AUTO_TEST_CASE(other_methods_and_none_are_405_with_allow) {
    for (const char* method : {"", "PUT", "DELETE", "PATCH", "OPTIONS", "FOO", "get", "GET "}) {
        request.method = method;
        BOOST_TEST(refusal() == "405 [] Use GET, HEAD or POST.", method);
        BOOST_TEST(header(response(), "Allow") == "GET, HEAD, POST");
    }
}

BOOST_AUTO_TEST_CASE(a_401_asks_for_basic_authentication) {
    request.query_string = "queue=5";
    BOOST_TEST(header(response(), "WWW-Authenticate") == R"(Basic realm="queue statistics", charset="UTF-8")");
    request.authorization = "Basic dXNlcjpzZWNyZXQ=";
    BOOST_TEST(status() == 200);
}

BOOST_AUTO_TEST_CASE(a_form_is_read_together_with_the_query) {
    for (const char* type :
         {"application/x-www-form-urlencoded", "Application/X-WWW-Form-URLencoded",
          "application/x-www-form-urlencoded; charset=utf-8", "application/x-www-form-urlencoded;charset=\"UTF-8\"",
          "application/x-www-form-urlencoded ;\tCharset=UTF-8 "}) {
        post("auth_password=secret&queue=5", type);
        request.query_string = "auth_username=user";
        BOOST_TEST(status() == 200, type);
    }
    post("queue=5");
    request.query_string = kGood;
    BOOST_TEST(refusal() == "400 [queue] The request could not be read.");
}

BOOST_AUTO_TEST_CASE(another_kind_of_body_is_415_unless_it_is_empty) {
    for (const char* type : {"", "application/json", "multipart/form-data; boundary=x", "text/plain",
                             "application/x-www-form-urlencoded; charset=latin1",
                             "application/x-www-form-urlencoded; boundary=x", "application/x-www-form-urlencodedx"}) {
        post(kGood, type);
        BOOST_TEST(refusal() == "415 [] Send the parameters as application/x-www-form-urlencoded.", type);
        post("", type);
        request.query_string = kGood;
        BOOST_TEST(status() == 200, type);
    }
    post(kGood);
    request.content_encoding = "gzip";
    BOOST_TEST(status() == 415);
    request.content_encoding = "identity";
    BOOST_TEST(status() == 200);
}

BOOST_AUTO_TEST_CASE(bodies_have_a_bound_for_every_method) {
    const std::string fits = kGood + (";x=" + std::string(http::kMaxBodyBytes - sizeof kGood - 2, 'x'));
    BOOST_REQUIRE_EQUAL(fits.size(), http::kMaxBodyBytes);
    post(fits);
    BOOST_TEST(status() == 200);
    const std::string over = fits + "x";
    post(over);
    BOOST_TEST(status() == 413);
    request.method = "GET";
    request.query_string = kGood;
    BOOST_TEST(status() == 413);
    request.content_length = "";
    BOOST_TEST(status() == 413);
    for (const char* length : {"8193", "100000000000000000000"}) {
        request.body = "";
        request.content_length = length;
        BOOST_TEST(status() == 413, length);
    }
}

BOOST_AUTO_TEST_CASE(the_length_of_a_form_must_be_a_number_that_came) {
    for (const char* length : {"-1", "abc", "1.5", "+47", " 47", "48"}) {
        post(kGood);
        request.content_length = length;
        BOOST_TEST(refusal() == "400 [] The request could not be read.", length);
    }
    post(kGood);
    request.content_length = "27";  // the form is "auth_username=user;auth_pas"
    BOOST_TEST(status() == 401);
}

BOOST_AUTO_TEST_CASE(a_get_ignores_its_body_and_what_is_said_of_it) {
    request.body = "queue=6";
    for (const char* length : {"7", "abc", "-1", "100"}) {
        request.content_length = length;
        request.content_type = "application/json";
        request.content_encoding = "gzip";
        BOOST_TEST(status() == 200, length);
    }
}

BOOST_AUTO_TEST_CASE(what_waited_too_long_is_503_without_the_database) {
    for (const char* queued_at : {"1799999997.999", "1799999990", "1799999941"}) {
        request.queued_at = queued_at;
        BOOST_TEST(refusal() == "503 [] The service is unavailable. Try again later.", queued_at);
        BOOST_TEST(store.asked.empty());
        BOOST_TEST(header(response(), "Retry-After") == "1");
    }
}

BOOST_AUTO_TEST_CASE(an_overload_has_its_reason_in_the_log) {
    slots.all_taken = true;
    BOOST_TEST(refusal() == "503 [] The service is unavailable. Try again later.");
    BOOST_TEST(format(entry).ends_with(" overload=\"too many passwords to hash\""));
}

BOOST_AUTO_TEST_CASE(too_many_failed_logins_are_429_with_the_time_to_wait) {
    request.query_string = "auth_username=user;auth_password=wrong;queue=5";
    for (int i = 0; i < 5; ++i) BOOST_TEST(status() == 401);
    BOOST_TEST(refusal() == "429 [] Too many failed attempts. Try again later.");
    BOOST_TEST(header(response(), "Retry-After") == "10");
    BOOST_TEST(format(entry).ends_with("auth failure client=192.0.2.1 user=- reason=throttled"));
}

BOOST_AUTO_TEST_CASE(an_absent_or_implausible_time_of_queueing_is_ignored) {
    for (const char* queued_at : {"", "1800000000.000", "1799999998.001", "1800003600", "1799996400", "0", "-5", "abc",
                                  "1799999990x", "nan", "inf", "1e400"}) {
        request.queued_at = queued_at;
        BOOST_TEST(status() == 200, queued_at);
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_an_address_is_not_logged) {
    request.remote_addr = "192.0.2.1QUERY_STRINGauth_password=secret";
    response();
    BOOST_TEST(entry.client == "");
    BOOST_TEST(format(entry).find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_client_address_is_normalised) {
    BOOST_TEST(http::client_address("192.0.2.1").value() == "192.0.2.1");
    BOOST_TEST(http::client_address("::ffff:192.0.2.1").value() == "192.0.2.1");
    BOOST_TEST(http::client_address("2001:DB8:0:0::1").value() == "2001:db8::1");
    for (const char* address : {"", "unix:", "192.0.2", "192.0.2.1:80", "fe80::1%eth0", "localhost", "192.0.2.256"})
        BOOST_TEST(!http::client_address(address).has_value(), address);
    BOOST_TEST(status() == 200);
    BOOST_TEST(store.asked.front() == "credentials user 192.0.2.1");
}

BOOST_AUTO_TEST_CASE(a_broken_database_keeps_its_words_in_the_log) {
    using Kind = core::StoreFailure::Kind;
    const auto broken = [this](Kind kind) {
        store.failure.emplace(kind, "credentials XX000: secret words");
        const http::Response r = response();
        BOOST_TEST(r.body.find("secret words") == r.body.npos);
        BOOST_TEST(entry.error == "credentials XX000: secret words");
        return refusal();
    };
    BOOST_TEST(broken(Kind::kUnavailable) == "503 [] The service is unavailable. Try again later.");
    BOOST_TEST(header(response(), "Retry-After") == "1");
    BOOST_TEST(broken(Kind::kTooSlow) == "504 [] The database took too long to answer.");
    BOOST_TEST(broken(Kind::kBroken) == "500 [] An internal error occurred.");
    BOOST_TEST(header(response(), "Retry-After") == "absent");
}

BOOST_AUTO_TEST_CASE(a_bug_is_500_and_its_words_go_to_the_log_alone) {
    store.bug.emplace("half a bug");
    BOOST_TEST(refusal() == "500 [] An internal error occurred.");
    BOOST_TEST(entry.error.ends_with("logic_error: half a bug"));
}

BOOST_AUTO_TEST_CASE(a_role_without_access_is_402) {
    store.people.at("user").user_access = 0;
    const http::Response r = response();
    BOOST_TEST(r.status == 402);
    BOOST_TEST(r.reason == "Payment Required");
}

BOOST_AUTO_TEST_CASE(nothing_of_the_request_is_echoed) {
    request.query_string = "auth_username=user;auth_password=secret;queue=%3Cscript%3E%0d%0aX-Evil:1";
    const http::Response r = response();
    BOOST_TEST(r.status == 400);
    BOOST_TEST(r.body.find("script") == r.body.npos);
    for (const auto& [name, value] : r.headers) BOOST_TEST(value.find_first_of("\r\n") == value.npos);
}

BOOST_AUTO_TEST_CASE(health_probes_the_database_at_most_once_a_second) {
    request = {.method = "GET", .document_uri = "/queue-statistics/health"};
    BOOST_TEST(response().body == R"({"status":"ok"})");
    BOOST_TEST(store.asked.size() == 1);
    BOOST_TEST(store.asked.front() == "probe for -1");  // the client may leave: others get the answer too
    BOOST_TEST(entry.function == "health");
    now.steady += 999ms;
    BOOST_TEST(status() == 200);
    BOOST_TEST(store.asked.empty());
    now.steady += 1ms;
    store.failure.emplace(core::StoreFailure::Kind::kUnavailable, "down");
    const http::Response down = response();
    BOOST_TEST(down.status == 503);
    BOOST_TEST(down.body == R"({"status":"unavailable"})");
    BOOST_TEST(header(down, "Retry-After") == "1");
    BOOST_TEST(entry.error == "down");
    request.method = "HEAD";
    BOOST_TEST(status() == 503);
    now.steady += 1s;
    store.failure.reset();
    BOOST_TEST(status() == 200);
    request.method = "POST";
    BOOST_TEST(header(response(), "Allow") == "GET, HEAD");
    BOOST_TEST(status() == 405);
}

BOOST_AUTO_TEST_SUITE_END()
