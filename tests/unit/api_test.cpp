#include "core/api.hpp"

#include <boost/test/unit_test.hpp>
#include <ctime>
#include <string>

#include "tests/unit/fake_store.hpp"
#include "tests/unit/requests.hpp"

using namespace std::chrono_literals;

namespace {

struct Fixture {
    FakeStore store;
    FakeSlots slots;
    core::Api api{store, slots, 10, 720min};
    core::Trace trace;
    core::Request::Clock::time_point now{1000h};

    core::Result<core::Answer> ask(std::string_view query) {
        store.asked.clear();
        core::Request request{.now = now, .deadline = now + 8s, .client_address = "192.0.2.1"};
        struct Traced {  // copies the trace also when the store throws
            core::Trace& to;
            core::Trace& from;
            ~Traced() { to = from; }
        } const traced{trace, request.trace};
        return api.answer(*core::find_function("queues/destinations/statistics/get"), test::parameters(query), "",
                          request);
    }

    /// The status of the answer: 200, or that of the first refusal.
    int status(std::string_view query) {
        const auto result = ask(query);
        return result ? 200 : core::status_of(result.refusals().front().code);
    }

    core::Credentials& user() { return store.people["user"]; }
};

const std::string kLogin = "auth_username=user;auth_password=secret;";
const std::string kWrongLogin = "auth_username=user;auth_password=wrong;";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(api, Fixture)

BOOST_AUTO_TEST_CASE(a_queue_and_a_destination_are_answered) {
    const auto queue = ask(kLogin + "queue=5;start=1;end=10");
    BOOST_REQUIRE(queue);
    BOOST_TEST(queue->row(0)[2].number == 7);
    BOOST_TEST(store.asked == (std::vector<std::string>{"credentials user 192.0.2.1", "queue_statistics 1 5 {1,10}"}),
               boost::test_tools::per_element());
    BOOST_TEST(trace.person.value() == 1);

    const auto destination = ask(kLogin + "destination=7");
    BOOST_REQUIRE(destination);
    BOOST_TEST(destination->row(0)[5].number == 3);
    BOOST_TEST(store.asked == (std::vector<std::string>{"credentials user 192.0.2.1",
                                                        "destination_statistics 1 7 {0,253402300800}", "at once"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_function_is_answered) {
    const core::Function& function = *core::find_function("queues/statistics/get");
    const auto parameters = core::read_parameters(function.parameters, core::access::login_parameters(),
                                                  kLogin + "id=5;service_level=10", "");
    core::Request request{.now = now, .deadline = now + 8s, .client_address = "192.0.2.1"};
    const auto callers = api.answer(function, *parameters, "", request);
    BOOST_REQUIRE(callers);
    BOOST_TEST(callers->row(0).back().number == 6667);
    BOOST_TEST(store.asked.back() == "caller_statistics 1 5 {0,253402300800}");
}

BOOST_AUTO_TEST_CASE(the_lists_are_answered) {
    const auto rows_of = [this](const char* path, const std::string& query) {
        const core::Function& function = *core::find_function(path);
        const auto parameters =
            core::read_parameters(function.parameters, core::access::login_parameters(), kLogin + query, "");
        core::Request request{.now = now, .deadline = now + 8s, .client_address = "192.0.2.1"};
        const auto answer = api.answer(function, *parameters, "", request);
        return answer ? std::to_string(answer->rows()) : test::refusals_of(answer);
    };
    BOOST_TEST(rows_of("queues/list", "") == "1");
    BOOST_TEST(rows_of("queues/list", "customer=9") == "400 [customer] The customer is invalid.");
    BOOST_TEST(rows_of("queues/get", "id=5") == "1");
    BOOST_TEST(rows_of("queues/destinations/list", "dtype=phone;dnumber=1234567") == "1");
    BOOST_TEST(store.asked.at(store.asked.size() - 2) == "list_destinations_by_number 1 phone 1234567");
    BOOST_TEST(rows_of("queues/destinations/get", "id=8") ==
               "404 [id] The queue or destination does not exist, or you do not have permission to view it.");
}

BOOST_AUTO_TEST_CASE(a_question_may_lead_to_another_one) {
    const core::Function& function = *core::find_function("queues/statistics/get");
    const auto parameters =
        core::read_parameters(function.parameters, core::access::login_parameters(), kLogin + "id=5;interval=day", "");
    core::Request request{.now = now, .deadline = now + 8s, .client_address = "192.0.2.1"};
    // A caller of the day before comes in between the first two questions.
    store.entered = {"90000", "80000"};
    const auto callers = api.answer(function, *parameters, "", request);
    BOOST_REQUIRE(callers);
    BOOST_TEST(callers->rows() == 1);
    BOOST_TEST(callers->row(0)[0].number == 86400);
    BOOST_TEST(callers->row(0)[2].number == 3);
    const std::vector<std::string> again{"caller_span 1 5 0 253402300800",
                                         "caller_statistics 1 5 {0,86400,172800,253402300800}"};
    BOOST_TEST(
        store.asked == (std::vector<std::string>{"credentials user 192.0.2.1", again[0], again[1], again[0], again[1]}),
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(without_a_login_the_database_is_not_asked) {
    BOOST_TEST(status("queue=5") == 401);
    BOOST_TEST(store.asked.empty());
    BOOST_TEST(trace.login_failure == "missing");
}

BOOST_AUTO_TEST_CASE(every_refused_login_gives_the_same_answer_and_its_reason_to_the_log) {
    const auto reason = [this](std::string_view query) {
        const auto result = ask(query);
        BOOST_REQUIRE(!result);
        BOOST_TEST((result.refusals() == core::Refusals{core::refusal(core::Code::kUnauthenticated)}));
        BOOST_TEST(!trace.person.has_value());
        BOOST_TEST(store.asked.size() == 1);
        BOOST_TEST(slots.held == 0);
        now += 1h;  // so that no login is throttled
        return std::string{trace.login_failure};
    };
    BOOST_TEST(reason("auth_username=nobody;auth_password=secret;queue=5") == "unknown");
    BOOST_TEST(trace.username == "");  // it may be a password typed into the wrong field
    BOOST_TEST(reason(kWrongLogin + "queue=5") == "password");
    BOOST_TEST(trace.username == "user");
    user().active = false;
    BOOST_TEST(reason(kLogin + "queue=5") == "inactive");
    user().active = true;
    user().source_allowed = false;
    BOOST_TEST(reason(kLogin + "queue=5") == "source");
    user().source_allowed = true;
    for (const char* hash : {"", "*", "!", "*0", "abNANd1rDfiNc", "$1$ab$dslkcXxVH.x8LwW1W/oAB/"}) {
        user().password_hash = hash;
        BOOST_TEST(reason(kLogin + "queue=5") == "hash");
    }
}

BOOST_AUTO_TEST_CASE(every_refused_login_costs_a_hash_whatever_is_wrong) {
    const std::clock_t began = std::clock();  // processor time, so that a busy machine does not matter
    core::access::hash_password("secret");
    const std::clock_t hash = std::clock() - began;
    const auto cost = [this](std::string_view query) {
        const std::clock_t before = std::clock();
        BOOST_TEST(status(query) == 401);
        now += 1h;
        return std::clock() - before;
    };
    BOOST_TEST(cost("auth_username=nobody;auth_password=secret;queue=5") > hash / 3);
    user().password_hash = "*";
    BOOST_TEST(cost(kLogin + "queue=5") > hash / 3);
    user().source_allowed = false;
    BOOST_TEST(cost(kLogin + "queue=5") > hash / 3);
    user().active = false;
    BOOST_TEST(cost(kLogin + "queue=5") > hash / 3);
}

BOOST_AUTO_TEST_CASE(right_credentials_with_a_role_that_forbids_are_402_before_any_parameter) {
    user().login = false;
    BOOST_TEST(status(kLogin + "queue=x;start=y") == 402);
    user().login = true;
    user().user_access = 0;
    BOOST_TEST(status(kLogin + "destination=1;queue=1") == 402);
    BOOST_TEST(status(kWrongLogin + "queue=5") == 401);
    BOOST_TEST(store.asked.size() == 1);
    user().user_access = 2;
    BOOST_TEST(status(kLogin + "queue=5") == 200);
}

BOOST_AUTO_TEST_CASE(invalid_parameters_are_400_after_authentication_and_never_reach_the_database) {
    BOOST_TEST(status(kWrongLogin + "queue=x") == 401);
    BOOST_TEST(status(kLogin + "queue=x") == 400);
    BOOST_TEST(store.asked.size() == 1);
}

BOOST_AUTO_TEST_CASE(what_is_absent_or_forbidden_is_404_with_the_given_key) {
    const auto queue = ask(kLogin + "queue=6");
    BOOST_REQUIRE(!queue);
    BOOST_TEST((queue.refusals() == core::Refusals{core::no_such_queue("queue")}));
    const auto destination = ask(kLogin + "destination=5");
    BOOST_REQUIRE(!destination);
    BOOST_TEST((destination.refusals() == core::Refusals{core::no_such_queue("destination")}));
    BOOST_TEST(core::status_of(destination.refusals().front().code) == 404);
}

BOOST_AUTO_TEST_CASE(a_remembered_login_is_not_hashed_again_but_a_changed_hash_counts_at_once) {
    BOOST_TEST(status(kLogin + "queue=5") == 200);
    BOOST_TEST(status(kLogin + "queue=5") == 200);
    BOOST_TEST(slots.entered == 1);
    user().password_hash = "$5$rounds=1000$saltsalt$" + std::string(43, 'a');
    BOOST_TEST(status(kLogin + "queue=5") == 401);
    BOOST_TEST(slots.entered == 2);
}

BOOST_AUTO_TEST_CASE(figures_asked_for_at_once_count_only_if_the_login_is_still_right) {
    BOOST_TEST(status(kLogin + "queue=5") == 200);
    user().active = false;
    BOOST_TEST(status(kLogin + "queue=5") == 401);
    user().active = true;
    user().source_allowed = false;  // the client moved
    BOOST_TEST(status(kLogin + "queue=5") == 401);
    user().source_allowed = true;
    user().user_access = 0;
    BOOST_TEST(status(kLogin + "queue=5") == 402);
    user().user_access = 1;
    user().person = 2;  // another person has the name now, with the same password, and may not see the queue
    BOOST_TEST(status(kLogin + "queue=5") == 404);
    BOOST_TEST(slots.entered == 4);
    BOOST_TEST(store.asked.back() == "queue_statistics 2 5 {0,253402300800}");
}

BOOST_AUTO_TEST_CASE(a_known_client_that_asks_for_something_invalid_costs_no_statistics) {
    BOOST_TEST(status(kLogin + "queue=5") == 200);
    BOOST_TEST(status(kLogin + "queue=x") == 400);
    BOOST_TEST(store.asked == (std::vector<std::string>{"credentials user 192.0.2.1"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(without_a_slot_to_hash_in_only_remembered_logins_are_answered) {
    BOOST_TEST(status(kLogin + "queue=5") == 200);
    slots.all_taken = true;
    BOOST_TEST(status(kLogin + "queue=5") == 200);
    BOOST_TEST(status(kWrongLogin + "queue=5") == 503);
    BOOST_TEST(trace.overload == "too many passwords to hash");
    BOOST_TEST(trace.login_failure.empty());
}

BOOST_AUTO_TEST_CASE(an_address_that_has_just_failed_does_not_wait_for_a_slot) {
    BOOST_TEST(status(kWrongLogin + "queue=5") == 401);
    BOOST_TEST(slots.may_wait);
    slots.all_taken = true;
    BOOST_TEST(status(kLogin + "queue=5") == 429);
    BOOST_TEST(!slots.may_wait);
    BOOST_TEST(trace.login_failure == "throttled");
    now += core::access::LoginThrottle::kPerAddress.refill;
    BOOST_TEST(status(kLogin + "queue=5") == 503);
    BOOST_TEST(slots.may_wait);
}

BOOST_AUTO_TEST_CASE(wrong_logins_are_throttled_without_the_database_and_remembered_ones_are_not) {
    BOOST_TEST(status(kLogin + "queue=5") == 200);
    for (int i = 0; i < core::access::LoginThrottle::kPerLogin.burst; ++i)
        BOOST_TEST(status(kWrongLogin + "queue=5") == 401);
    BOOST_TEST(status(kWrongLogin + "queue=5") == 429);
    BOOST_TEST(store.asked.empty());
    BOOST_TEST(trace.login_failure == "throttled");
    BOOST_TEST(status(kLogin + "queue=5") == 200);
    now += core::access::LoginThrottle::kRetryAfter;
    BOOST_TEST(status(kWrongLogin + "queue=5") == 401);
}

BOOST_AUTO_TEST_CASE(a_refused_login_is_never_remembered) {
    user().active = false;
    BOOST_TEST(status(kLogin + "queue=5") == 401);
    user().active = true;
    user().password_hash = "$5$rounds=1000$saltsalt$" + std::string(43, 'a');
    BOOST_TEST(status(kLogin + "queue=5") == 401);
}

BOOST_AUTO_TEST_CASE(a_login_that_is_right_no_more_is_throttled_like_any_other) {
    BOOST_TEST(status(kLogin + "queue=5") == 200);
    user().active = false;
    for (int i = 0; i < 5; ++i) BOOST_TEST(status(kLogin + "queue=5") == 401);
    for (int i = 0; i < 60; ++i) BOOST_TEST(status(kLogin + "queue=5") == 429);
    user().active = true;
    BOOST_TEST(status(kLogin + "queue=5") == 200);
}

BOOST_AUTO_TEST_CASE(a_broken_store_passes_through) {
    store.failure.emplace(core::StoreFailure::Kind::kTooSlow, "credentials 57014");
    BOOST_CHECK_EXCEPTION(ask(kLogin + "queue=5"), core::StoreFailure, [](const core::StoreFailure& failure) {
        return failure.kind() == core::StoreFailure::Kind::kTooSlow;
    });
}

BOOST_AUTO_TEST_SUITE_END()
