/// Who is admitted by a token, and what a request by token asks of the database.

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/api.hpp"
#include "tests/unit/fake_store.hpp"
#include "tests/unit/requests.hpp"
#include "tests/unit/tokens.hpp"

using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kNow = 1'700'000'000;
constexpr std::int64_t kEnds = kNow + 3600;
const std::string kPassword = "auth_username=user;auth_password=secret;";

struct Fixture {
    FakeStore store;
    FakeSlots slots;
    core::Api api{store, slots, 10, 720min};
    core::Api api_without_tokens{store, slots, 10, 0min};
    bool off = false;  // which of the two is asked
    core::Trace trace;
    core::Request::Clock::time_point now{1000h};
    std::int64_t wall_clock = kNow;
    std::string address = "192.0.2.1";
    std::string token = test::token_of("1", std::to_string(kEnds));

    Fixture() { store.tokens[token] = {true, "user", kEnds, user()}; }

    core::Credentials& user() { return store.people["user"]; }

    core::Result<core::Answer> ask(std::string_view query, std::string_view authorization = "",
                                   const char* path = "queues/destinations/statistics/get") {
        store.asked.clear();
        const core::Function& function = *core::find_function(path);
        const auto parameters = core::read_parameters(function.parameters, core::access::login_parameters(), query, "");
        BOOST_REQUIRE(parameters);
        core::Request request{.now = now,
                              .wall_clock = std::chrono::system_clock::time_point{std::chrono::seconds{wall_clock}},
                              .deadline = now + 8s,
                              .client_address = address};
        auto result = (off ? api_without_tokens : api).answer(function, *parameters, authorization, request);
        trace = request.trace;
        return result;
    }

    int status(std::string_view query, std::string_view authorization = "") {
        const auto result = ask(query, authorization);
        return result ? 200 : core::status_of(result.refusals().front().code);
    }

    /// The status of a request by token.
    int by(std::string_view text) { return status("queue=5;auth_token=" + std::string{text}); }

    /// "401 reason", after making sure that the refusal is that of every 401.
    std::string refused(std::string_view text) {
        const auto result = ask("queue=5;auth_token=" + std::string{text});
        BOOST_REQUIRE(!result);
        BOOST_TEST((result.refusals() == core::Refusals{core::refusal(core::Code::kUnauthenticated)}));
        BOOST_TEST(!trace.person.has_value());
        return "401 " + std::string{trace.login_failure};
    }

    core::Result<core::Answer> log_in(std::string_view query) { return ask(query, "", "user/login"); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(token_login, Fixture)

BOOST_AUTO_TEST_CASE(a_token_is_verified_once_and_then_costs_what_a_remembered_login_costs) {
    BOOST_TEST(by(token) == 200);
    BOOST_TEST(
        store.asked == (std::vector<std::string>{"token of 1 192.0.2.1", "queue_statistics 1 5 {0,253402300800}"}),
        boost::test_tools::per_element());
    BOOST_TEST(trace.person.value() == 1);
    BOOST_TEST(trace.username == "user");
    BOOST_TEST(status("queue=5", "Bearer " + token) == 200);
    BOOST_TEST(store.asked == (std::vector<std::string>{"credentials user 192.0.2.1",
                                                        "queue_statistics 1 5 {0,253402300800}", "at once"}),
               boost::test_tools::per_element());
    BOOST_TEST(slots.entered == 0);
}

BOOST_AUTO_TEST_CASE(what_has_no_spelling_of_a_token_never_reaches_the_database) {
    for (const std::string& text : {std::string{"x"}, token + "=", token.substr(1), token + "%20",
                                    test::token(R"({"sub":"1"})", R"({"alg":"none"})")}) {
        BOOST_TEST(refused(text) == "401 token");
        BOOST_TEST(store.asked.empty());
    }
    BOOST_TEST(refused("") == "401 missing");
}

BOOST_AUTO_TEST_CASE(a_forged_token_is_refused_whatever_it_says) {
    // Other claims, or those of two tokens swapped, under a signature that is not theirs.
    BOOST_TEST(by(token) == 200);
    BOOST_TEST(refused(test::token_of("2", std::to_string(kEnds))) == "401 token");
    BOOST_TEST(refused(test::token_of("1", std::to_string(kEnds + 1))) == "401 token");
    BOOST_TEST(refused(test::token_of("1", std::to_string(kEnds), "1")) == "401 token");
    BOOST_TEST(store.asked == (std::vector<std::string>{"token of 1 192.0.2.1"}), boost::test_tools::per_element());
    BOOST_TEST(by(token) == 200);
}

BOOST_AUTO_TEST_CASE(a_remembered_token_that_was_ended_is_refused_at_the_next_request) {
    struct End {
        const char* reason;
        std::function<void()> make;
    };
    core::TokenState& state = store.tokens[token];
    const core::TokenState holds = state;
    const core::Credentials stored = user();
    for (const auto& [reason, make] :
         std::vector<End>{{"401 ended", [&] { user().password_hash = "*", state = {.is_signed = true}; }},
                          {"401 ended", [&] { user().token_epoch = 2, state = {.is_signed = true}; }},  // revoked
                          {"401 token", [&] { user().token_epoch = 2, state = {}; }},                   // another key
                          {"401 inactive", [&] { user().active = state.credentials->active = false; }},
                          {"401 source", [&] { user().source_allowed = state.credentials->source_allowed = false; }},
                          {"401 ended", [&] { user().person = state.credentials->person = 2; }},
                          {"401 ended", [&] { store.people.clear(), state = {.is_signed = true}; }},
                          {"401 ended", [&] { wall_clock = kEnds; }}}) {
        state = holds;
        user() = stored;
        wall_clock = kNow;
        BOOST_TEST(by(token) == 200);
        BOOST_TEST(by(token) == 200);
        BOOST_TEST(store.asked.back() == "at once");
        make();
        BOOST_TEST(refused(token) == reason);
        BOOST_TEST(store.asked.back() == "token of 1 192.0.2.1");  // its rows were not answered
        BOOST_TEST(refused(token) == reason);
        BOOST_TEST(store.asked == (std::vector<std::string>{"token of 1 192.0.2.1"}), boost::test_tools::per_element());
    }
    BOOST_TEST(slots.entered == 0);
}

BOOST_AUTO_TEST_CASE(a_clock_that_jumps_ends_a_token_and_one_that_jumps_back_does_not_keep_it_out) {
    wall_clock = kEnds - 1;
    BOOST_TEST(by(token) == 200);
    wall_clock = kEnds;
    BOOST_TEST(refused(token) == "401 ended");
    wall_clock = kEnds - 3600;
    BOOST_TEST(by(token) == 200);
}

BOOST_AUTO_TEST_CASE(a_token_that_still_holds_after_others_were_ended_is_verified_again_once) {
    BOOST_TEST(by(token) == 200);
    user().token_epoch = store.tokens[token].credentials->token_epoch = 2;
    BOOST_TEST(by(token) == 200);
    BOOST_TEST(store.asked.size() == 5);
    BOOST_TEST(by(token) == 200);
    BOOST_TEST(store.asked.back() == "at once");
}

BOOST_AUTO_TEST_CASE(the_role_counts_for_a_token_too) {
    user().user_access = store.tokens[token].credentials->user_access = 0;
    BOOST_TEST(by(token) == 402);
    user().login = store.tokens[token].credentials->login = false;
    BOOST_TEST(by(token) == 402);
}

BOOST_AUTO_TEST_CASE(twenty_forged_tokens_empty_the_bucket_of_their_address_alone) {
    const std::string forged = test::token_of("1", std::to_string(kEnds + 1));
    for (int i = 0; i < 20; ++i) BOOST_TEST(by(i % 2 == 0 ? forged : "x") == 401);
    BOOST_TEST(by(forged) == 429);
    BOOST_TEST(trace.login_failure == "throttled");
    BOOST_TEST(by("x") == 429);
    BOOST_TEST(by(token) == 200);  // also one that this process has never seen
    address = "192.0.2.2";
    BOOST_TEST(by(forged) == 401);
    address = "192.0.2.1";
    now += 1s;
    BOOST_TEST(by(forged) == 401);
    BOOST_TEST(by(forged) == 429);
}

BOOST_AUTO_TEST_CASE(a_signed_token_that_ended_never_empties_a_bucket) {
    store.tokens[token] = {.is_signed = true};
    for (int i = 0; i < 50; ++i) BOOST_TEST(refused(token) == "401 ended");
    BOOST_TEST(status("queue=5;auth_username=user;auth_password=wrong") == 401);
}

BOOST_AUTO_TEST_CASE(a_million_mutated_tokens_are_refused_and_none_costs_a_hash) {
    std::mt19937 random{1};
    const auto below = [&random](std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>{0, bound - 1}(random);
    };
    const core::Function& function = *core::find_function("queues/destinations/statistics/get");
    int refused = 0, throttled = 0, others = 0;
    for (int i = 0; i < 1'000'000; ++i) {
        std::string mutated = token;
        for (std::size_t change = below(3) + 1; change > 0; --change) {
            const std::size_t at = below(mutated.size());
            switch (below(4)) {
                case 0:
                    mutated[at] = static_cast<char>(mutated[at] ^ 1 << below(8));
                    break;
                case 1:
                    mutated[at] = mutated[below(mutated.size())];
                    break;
                case 2:
                    mutated.erase(at, 1);
                    break;
                default:
                    mutated.insert(at, 1, mutated[below(mutated.size())]);
            }
        }
        if (mutated == token) continue;
        core::Parameters parameters;
        parameters.add("queue", "5");
        parameters.add("auth_token", mutated);
        core::Request request{.now = now, .deadline = now + 8s, .client_address = address};
        now += 100ms;
        const auto result = api.answer(function, parameters, "", request);
        const int code = result ? 200 : core::status_of(result.refusals().front().code);
        ++(code == 401 ? refused : code == 429 ? throttled : others);
        store.asked.clear();
    }
    BOOST_TEST(others == 0);
    BOOST_TEST(refused > 90'000);
    BOOST_TEST(throttled > 800'000);
    BOOST_TEST(slots.entered == 0);
    BOOST_TEST(by(token) == 200);
}

BOOST_AUTO_TEST_CASE(with_tokens_switched_off_every_token_is_401_and_none_is_made) {
    off = true;
    BOOST_TEST(refused(token) == "401 missing");
    BOOST_TEST(store.asked.empty());
    const auto made = log_in(kPassword + "token=1");
    BOOST_TEST(test::refusals_of(made) == "400 [token] The token is invalid.");
    BOOST_TEST(test::refusals_of(log_in(kPassword)) == "ok");
}

BOOST_AUTO_TEST_CASE(user_login_says_who_has_logged_in) {
    for (const char* token_parameter : {"", "token=0", "token=", "token=00"}) {
        const auto answer = log_in(kPassword + token_parameter);
        BOOST_REQUIRE(answer);
        BOOST_TEST(answer->columns().size() == 3);
        BOOST_TEST(answer->row(0)[0].number == 1);
        BOOST_TEST(answer->text(answer->row(0)[1]) == "user");
        BOOST_TEST(answer->row(0)[2].number == 3);
        BOOST_TEST(store.asked.back() == "login 1 user");
    }
}

BOOST_AUTO_TEST_CASE(user_login_makes_a_token_by_password) {
    for (int i = 0; i < 2; ++i) {  // the second time the login is remembered
        const auto answer = log_in(kPassword + "token=1");
        BOOST_REQUIRE(answer);
        BOOST_TEST(answer->columns().size() == 6);
        BOOST_TEST(answer->text(answer->row(0)[3]) == "token for 720");
        BOOST_TEST(answer->row(0)[4].number == 7200);
        BOOST_TEST(answer->row(0)[5].number == 1'800'000'000);
        BOOST_TEST(store.asked.back() == "login 1 user 720");
    }
}

BOOST_AUTO_TEST_CASE(a_token_never_makes_another_one) {
    const auto made = log_in("token=1;auth_token=" + token);
    BOOST_TEST(test::refusals_of(made) == "401 [] The authentication details provided are invalid.");
    BOOST_TEST(store.asked.empty());
    BOOST_TEST(test::refusals_of(log_in("auth_token=" + token)) == "ok");
    BOOST_TEST(test::refusals_of(log_in("token=2;auth_token=" + token)) == "400 [token] The token is invalid.");
}

BOOST_AUTO_TEST_CASE(user_login_needs_a_role_that_may_log_in_and_no_privilege) {
    user().user_access = 0;
    BOOST_TEST(test::refusals_of(log_in(kPassword)) == "ok");
    user().login = false;
    BOOST_TEST(test::refusals_of(log_in(kPassword)) == "402 [] Your role does not allow this.");
    BOOST_TEST(test::refusals_of(log_in("auth_username=user;auth_password=wrong")) ==
               "401 [] The authentication details provided are invalid.");
    for (const char* wrong : {"token=2", "token=-1", "token=x", "token=1.0", "token=+1"})
        BOOST_TEST(test::refusals_of(log_in(kPassword + std::string{wrong})).starts_with("40"), wrong);
}

BOOST_AUTO_TEST_SUITE_END()
