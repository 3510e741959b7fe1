#pragma once

#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/access/hashing_slots.hpp"
#include "core/store.hpp"
#include "tests/unit/fake_rows.hpp"

/// A store in memory. It has the person 1 `user` with the password `secret` of customer 3, whose queue 5 with the
/// destination 7, phone 1234567, only person 1 sees. It keeps what it was asked, and can be told to fail.
class FakeStore final : public core::Store {
  public:
    /// The hash of the password "secret", by SHA-512 crypt at its lowest cost.
    static constexpr char kHashOfSecret[] =
        "$6$rounds=1000$saltsalt$LAV5VE5Y7w1d73x1mFNspYWUpazfmwv2SoepNXNKJ/otop/Zok96Hr8Q13LEv0DRY/x8v0/"
        "crpIjl8NJSAqXV/";

    std::map<std::string, core::Credentials> people{{"user",
                                                     {.person = 1,
                                                      .password_hash = kHashOfSecret,
                                                      .source_allowed = true,
                                                      .active = true,
                                                      .login = true,
                                                      .user_access = 1}}};
    std::map<std::string, core::TokenState, std::less<>> tokens;  ///< those that were signed; all others are forged
    std::vector<std::string> asked;  ///< "credentials user 192.0.2.1", "queue_statistics 1 5 0 10", ... in order
    std::vector<std::string> entered{"90000"};  ///< when callers come in while a series is asked for, one per question
    std::optional<core::StoreFailure> failure;  ///< thrown by every call
    std::optional<std::logic_error> bug;        ///< thrown by every call

    std::optional<core::Credentials> credentials(core::Request& request, const std::string& username) override {
        note("credentials " + username + " " + request.client_address.value_or("-"));
        const auto found = people.find(username);
        if (found == people.end()) return std::nullopt;
        return found->second;
    }

    core::TokenState token(core::Request& request, std::string_view token,
                           const core::access::TokenClaims& claims) override {
        note("token of " + std::to_string(claims.person) + " " + request.client_address.value_or("-"));
        const auto found = tokens.find(token);
        return found == tokens.end() ? core::TokenState{} : found->second;
    }

    core::RowsPointer ask(core::Request&, std::int64_t person, const core::Question& question) override {
        std::string call = std::string{question.query} + " " + std::to_string(person);
        for (const auto& argument : question.arguments)
            if (argument) call += " " + *argument;
        note(std::move(call));
        if (question.query == "login") return std::make_unique<const FakeRows>(logged_in(question));
        const Table& table = tables().at(std::string{question.query});
        const bool is_seen = person == 1 && question.arguments.at(0) == table.argument;
        std::vector<FakeRows::Row> rows = is_seen ? table.rows : std::vector<FakeRows::Row>{};
        if (is_seen && question.query == "caller_statistics") {
            rows.back().emplace("entered", entered.back());
            if (entered.size() > 1) entered.pop_back();
        }
        return std::make_unique<const FakeRows>(std::move(rows));
    }

    core::CredentialsAndRows credentials_and_ask(core::Request& request, const std::string& username,
                                                 std::int64_t person, const core::Question& question) override {
        core::CredentialsAndRows found{credentials(request, username), ask(request, person, question)};
        asked.push_back("at once");
        return found;
    }

    void probe(core::Request& request) override { note("probe for " + std::to_string(request.client_socket)); }

  private:
    static std::vector<FakeRows::Row> logged_in(const core::Question& question) {
        FakeRows::Row row{{"id", "1"}, {"username", question.arguments.at(0).value()}, {"customer", "3"}};
        if (const std::optional<std::string>& minutes = question.arguments.at(1)) {
            row["auth_token"] = "token for " + *minutes;
            row["auth_token_expiry"] = *minutes + "0";
            row["auth_token_expires"] = "1800000000";
        }
        return {row};
    }

    /// What a query answers when its first argument is this one.
    struct Table {
        std::string argument;
        std::vector<FakeRows::Row> rows;
    };

    static const std::map<std::string, Table>& tables() {
        static const FakeRows::Row queue{{"id", "5"}, {"customer", "3"}, {"name", "Support"}};
        static const FakeRows::Row destination{{"id", "7"},        {"queue", "5"},
                                               {"dtype", "phone"}, {"dnumber", "1234567"},
                                               {"available", "t"}, {"priority", "1"}};
        static const std::map<std::string, Table> tables{
            {"queue_statistics", {"5", three_answered()}},
            {"destination_statistics", {"7", three_answered()}},
            {"caller_statistics", {"5", three_callers()}},
            {"caller_span", {"5", {{{"first", "90000"}, {"last", "100000"}}}}},
            {"list_queues", {"0", {queue}}},
            {"count_queues", {"0", {{{"count", "1"}}}}},
            {"find_queue", {"5", {queue}}},
            {"list_destinations", {"5", {destination}}},
            {"list_destinations_by_number", {"phone", {destination}}},
            {"find_destination", {"7", {destination}}},
            {"find_destination_by_number", {"5", {destination}}}};
        return tables;
    }

    static std::vector<FakeRows::Row> three_answered() {
        return {{{"destination", "7"}, {"dtype", "phone"}, {"dnumber", "1234567"}, {"removed", "f"}},
                FakeRows::names(),
                FakeRows::sums("7", {{"answered", "3"}})};
    }

    static std::vector<FakeRows::Row> three_callers() {
        const std::vector<core::Figure> figures = core::caller_figures(0, core::wait_limits());
        return {FakeRows::names(figures), FakeRows::sums("", {{"answered", "3"}, {"answered_10", "2"}}, figures)};
    }

    void note(std::string call) {
        asked.push_back(std::move(call));
        if (failure) throw *failure;
        if (bug) throw *bug;
    }
};

/// A semaphore that has no slot when it is told so, and that counts the slots which were entered and not left.
class FakeSlots final : public core::access::HashingSlots {
  public:
    bool all_taken = false;
    bool may_wait = false;  ///< of the last enter()
    int entered = 0;
    int held = 0;

    bool enter(bool waiting) override {
        may_wait = waiting;
        if (all_taken) return false;
        ++entered;
        ++held;
        return true;
    }
    void leave() override { --held; }
};
