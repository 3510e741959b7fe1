#include "fcgi/config.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "core/setting_names.hpp"

using namespace std::chrono_literals;

namespace {

auto read(std::vector<const char*> environment) {
    environment.push_back(nullptr);
    return fcgi::read_config(environment.data());
}

fcgi::Config good(std::vector<const char*> environment) {
    const auto config = read(std::move(environment));
    BOOST_REQUIRE(std::holds_alternative<fcgi::Config>(config));
    return std::get<fcgi::Config>(config);
}

fcgi::ConfigProblems bad(std::vector<const char*> environment) {
    const auto config = read(std::move(environment));
    BOOST_REQUIRE(std::holds_alternative<fcgi::ConfigProblems>(config));
    return std::get<fcgi::ConfigProblems>(config);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config)

BOOST_AUTO_TEST_CASE(every_setting_has_a_default) {
    const fcgi::Config config = good({"PATH=/bin", "PGHOST=/tmp", "QUEUE_STATISTICS_DEADLINE_MS="});
    BOOST_TEST(config.database.empty());
    BOOST_TEST((config.deadline == 8s));
    BOOST_TEST(config.prepare);
    BOOST_TEST(config.log_successes);
}

BOOST_AUTO_TEST_CASE(every_setting_is_read) {
    const fcgi::Config config =
        good({"QUEUE_STATISTICS_DATABASE=host=/run/postgresql dbname=x", "QUEUE_STATISTICS_STATEMENT_TIMEOUT_MS=4000",
              "QUEUE_STATISTICS_LOCK_TIMEOUT_MS=500", "QUEUE_STATISTICS_DEADLINE_MS=6000",
              "QUEUE_STATISTICS_RECEIVE_TIMEOUT_MS=1500", "QUEUE_STATISTICS_QUEUED_MAX_MS=1000",
              "QUEUE_STATISTICS_VERIFIED_LOGINS=0", "QUEUE_STATISTICS_LOG=failures"});
    BOOST_TEST(config.database == "host=/run/postgresql dbname=x");
    BOOST_TEST((config.statement_timeout == 4s));
    BOOST_TEST((config.lock_timeout == 500ms));
    BOOST_TEST((config.deadline == 6s));
    BOOST_TEST((config.receive_timeout == 1500ms));
    BOOST_TEST((config.queued_max == 1s));
    BOOST_TEST(config.verified_logins == 0);
    BOOST_TEST(!config.log_successes);
}

BOOST_AUTO_TEST_CASE(every_name_that_the_programs_share_is_a_setting_here) {
    for (const std::string_view name : core::kSettingNames) good({(std::string{name} + "=").c_str()});
}

BOOST_AUTO_TEST_CASE(all_problems_are_told_at_once) {
    const auto problems =
        bad({"QUEUE_STATISTICS_DEADLINE_MS=8s", "QUEUE_STATISTICS_DEADLIN_MS=1", "QUEUE_STATISTICS_PREPARE=yes",
             "QUEUE_STATISTICS_VERIFIED_LOGINS=-1", "QUEUE_STATISTICS_LOG=off"});
    const fcgi::ConfigProblems expected{
        "QUEUE_STATISTICS_DEADLIN_MS is not a setting",
        "QUEUE_STATISTICS_DEADLINE_MS must be a whole number from 100 to 60000",
        "QUEUE_STATISTICS_PREPARE must be on or off",
        "QUEUE_STATISTICS_VERIFIED_LOGINS must be a whole number from 0 to 1000000",
        "QUEUE_STATISTICS_LOG must be all or failures",
    };
    BOOST_TEST(problems == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(bounds_are_checked_at_both_ends) {
    for (const char* variable :
         {"QUEUE_STATISTICS_RECEIVE_TIMEOUT_MS=99", "QUEUE_STATISTICS_RECEIVE_TIMEOUT_MS=60001",
          "QUEUE_STATISTICS_RECEIVE_TIMEOUT_MS=99999999999999999999", "QUEUE_STATISTICS_QUEUED_MAX_MS=10001",
          "QUEUE_STATISTICS_RECEIVE_TIMEOUT_MS=1e3", "QUEUE_STATISTICS_RECEIVE_TIMEOUT_MS= 100"})
        BOOST_TEST(bad({variable}).size() == 1, variable);
    BOOST_TEST((good({"QUEUE_STATISTICS_RECEIVE_TIMEOUT_MS=100"}).receive_timeout == 100ms));
}

BOOST_AUTO_TEST_CASE(waits_end_in_order) {
    BOOST_TEST(bad({"QUEUE_STATISTICS_STATEMENT_TIMEOUT_MS=8000"}).front() ==
               "QUEUE_STATISTICS_STATEMENT_TIMEOUT_MS must be below QUEUE_STATISTICS_DEADLINE_MS");
    BOOST_TEST(bad({"QUEUE_STATISTICS_LOCK_TIMEOUT_MS=5000"}).front() ==
               "QUEUE_STATISTICS_LOCK_TIMEOUT_MS must be below QUEUE_STATISTICS_STATEMENT_TIMEOUT_MS");
}

BOOST_AUTO_TEST_CASE(time_limits_that_a_pooler_would_hand_on_are_refused) {
    BOOST_TEST(bad({"QUEUE_STATISTICS_PREPARE=off", "QUEUE_STATISTICS_LOCK_TIMEOUT_MS=500"}).size() == 1);
    BOOST_TEST(!good({"QUEUE_STATISTICS_PREPARE=off"}).prepare);
}

BOOST_AUTO_TEST_SUITE_END()
