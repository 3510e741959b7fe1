#pragma once

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/hashing_slots.hpp"
#include "core/store.hpp"

/// A store in memory: one person `user` / `secret`, queue 5 and destination 7, which only person 1 sees. What was asked
/// is kept, and any call can be made to fail.
class FakeStore final : public core::Store {
  public:
    /// Of the password "secret", by SHA-512 crypt at its lowest cost.
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
    std::vector<std::string> asked;             ///< "credentials user 192.0.2.1", "queue 1 5 0 10", ... in order
    std::optional<core::StoreFailure> failure;  ///< thrown by every call
    std::optional<std::logic_error> bug;        ///< thrown by every call

    std::optional<core::Credentials> credentials(const std::string& username,
                                                 const std::optional<std::string>& client_address) override {
        note("credentials " + username + " " + client_address.value_or("-"));
        const auto found = people.find(username);
        if (found == people.end()) return std::nullopt;
        return found->second;
    }

    std::optional<std::vector<core::DestinationStatistics>> queue_statistics(std::int64_t person, std::int64_t queue,
                                                                             core::Period period) override {
        note("queue", person, queue, period);
        if (person != 1 || queue != 5) return std::nullopt;
        return std::vector<core::DestinationStatistics>{{7, "phone", "1234567", {.answered = 3}}};
    }

    std::optional<core::CallStatistics> destination_statistics(std::int64_t person, std::int64_t destination,
                                                               core::Period period) override {
        note("destination", person, destination, period);
        if (person != 1 || destination != 7) return std::nullopt;
        return core::CallStatistics{.answered = 3};
    }

    core::CredentialsAndStatistics credentials_and_statistics(const std::string& username,
                                                              const std::optional<std::string>& client_address,
                                                              std::int64_t person,
                                                              const core::StatisticsRequest& request) override {
        core::CredentialsAndStatistics found{credentials(username, client_address), {}};
        if (request.form == core::StatisticsRequest::Form::kQueue)
            found.statistics = queue_statistics(person, request.id, request.period);
        else
            found.statistics = destination_statistics(person, request.id, request.period);
        asked.push_back("at once");
        return found;
    }

    void probe() override { note("probe"); }

  private:
    void note(std::string call) {
        asked.push_back(std::move(call));
        if (failure) throw *failure;
        if (bug) throw *bug;
    }
    void note(const std::string& what, std::int64_t person, std::int64_t id, core::Period period) {
        note(what + " " + std::to_string(person) + " " + std::to_string(id) + " " + std::to_string(period.start) + " " +
             std::to_string(period.end));
    }
};

/// Slots that are all taken when told so, and that know whether every one entered was left.
class FakeSlots final : public core::HashingSlots {
  public:
    bool all_taken = false;
    bool may_wait = false;  ///< what the last one said
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
