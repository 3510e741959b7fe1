#include "http/metrics.hpp"

#include <boost/test/unit_test.hpp>
#include <set>
#include <sstream>
#include <string>

#include "core/function.hpp"
#include "tests/unit/fake_counters.hpp"

using namespace std::chrono_literals;

namespace {

struct Fixture {
    FakeCounters counters;

    static http::LogEntry entry(std::string_view function, int status, std::chrono::microseconds time = 3ms) {
        http::LogEntry entry;
        entry.function = function;
        entry.status = status;
        entry.time = time;
        return entry;
    }

    void count(const http::LogEntry& entry) { http::count(entry, counters); }

    /// The value of a sample, as it is written; "none" when it is not there.
    std::string sample(const std::string& name) {
        std::istringstream lines{http::metrics_text(counters, "1.2.3")};
        for (std::string line; std::getline(lines, line);)
            if (line.starts_with(name + ' ')) return line.substr(name.size() + 1);
        return "none";
    }
};

const std::string kPrefix = "queue_statistics_";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(metrics, Fixture)

BOOST_AUTO_TEST_CASE(requests_are_counted_by_function_and_code) {
    count(entry("queues/statistics/get", 200));
    count(entry("queues/statistics/get", 200));
    count(entry("queues/statistics/get", 401));
    count(entry("-", 404));
    count(entry("health", 503));
    count(entry("metrics", 405));
    BOOST_TEST(sample(kPrefix + R"(requests_total{function="queues/statistics/get",code="200"})") == "2");
    BOOST_TEST(sample(kPrefix + R"(requests_total{function="queues/statistics/get",code="401"})") == "1");
    BOOST_TEST(sample(kPrefix + R"(requests_total{function="none",code="404"})") == "1");
    BOOST_TEST(sample(kPrefix + R"(requests_total{function="health",code="503"})") == "1");
    BOOST_TEST(sample(kPrefix + R"(requests_total{function="metrics",code="405"})") == "1");
    BOOST_TEST(sample(kPrefix + R"(requests_total{function="user/login",code="200"})") == "0");
}

BOOST_AUTO_TEST_CASE(times_fall_into_buckets_whose_bounds_are_included) {
    for (const auto time : {0us, 1000us, 1001us, 2500us, 9'999'999us, 10'000'001us}) count(entry("health", 200, time));
    const auto bucket = [this](const std::string& le) {
        return sample(kPrefix + R"(request_duration_seconds_bucket{function="health",le=")" + le + "\"}");
    };
    BOOST_TEST(bucket("0.001") == "2");
    BOOST_TEST(bucket("0.0025") == "4");
    BOOST_TEST(bucket("5") == "4");
    BOOST_TEST(bucket("10") == "5");
    BOOST_TEST(bucket("+Inf") == "6");
    BOOST_TEST(sample(kPrefix + R"(request_duration_seconds_count{function="health"})") == "6");
    BOOST_TEST(sample(kPrefix + R"(request_duration_seconds_sum{function="health"})") == "20.004501");
}

BOOST_AUTO_TEST_CASE(the_databases_time_counts_where_it_was_asked) {
    http::LogEntry asked = entry("health", 200);
    count(asked);
    asked.trace.database_time = 30ms;
    count(asked);
    BOOST_TEST(sample(kPrefix + "database_duration_seconds_count") == "1");
    BOOST_TEST(sample(kPrefix + R"(database_duration_seconds_bucket{le="0.05"})") == "1");
    BOOST_TEST(sample(kPrefix + R"(database_duration_seconds_bucket{le="0.025"})") == "0");
    BOOST_TEST(sample(kPrefix + "database_duration_seconds_sum") == "0.030000");
}

BOOST_AUTO_TEST_CASE(logins_are_counted_by_what_became_of_them) {
    const auto count_login = [this](std::string_view login, std::string_view failure) {
        http::LogEntry one = entry("user/login", 200);
        one.trace.login = login;
        one.trace.login_failure = failure;
        count(one);
    };
    count(entry("user/login", 400));  // no login was looked at
    for (const char* login : {"verified", "remembered", "remembered", "token"}) count_login(login, "");
    for (const char* failure : {"missing", "password", "ended", "throttled"}) count_login("", failure);
    for (const auto& [result, sum] : {std::pair{"verified", "1"}, std::pair{"remembered", "2"}, std::pair{"token", "1"},
                                      std::pair{"refused", "3"}, std::pair{"throttled", "1"}})
        BOOST_TEST(sample(kPrefix + "logins_total{result=\"" + result + "\"}") == sum, result);
}

BOOST_AUTO_TEST_CASE(overload_starts_processes_and_version_are_told) {
    http::LogEntry overloaded = entry("user/login", 503);
    overloaded.trace.overload = "waited too long for a free process";
    count(overloaded);
    http::count_start(counters);
    http::count_start(counters);
    BOOST_TEST(sample(kPrefix + "overload_total") == "1");
    BOOST_TEST(sample(kPrefix + "process_starts_total") == "2");
    BOOST_TEST(sample(kPrefix + R"(processes{state="idle"})") == "3");
    BOOST_TEST(sample(kPrefix + R"(processes{state="busy"})") == "1");
    BOOST_TEST(sample(kPrefix + R"(build_info{version="1.2.3"})") == "1");
}

BOOST_AUTO_TEST_CASE(every_counter_has_a_name_of_its_own_that_fits_the_file) {
    std::set<std::string> names;
    for (const std::string& name : http::counter_names()) {
        BOOST_TEST(names.insert(name).second, name);
        BOOST_TEST(name.size() < 120, name);
    }
    BOOST_TEST(sample("queue_statistics_requests_total{function=\"none\",code=\"504\"}") == "0");
}

BOOST_AUTO_TEST_SUITE_END()
