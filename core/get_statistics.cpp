#include "core/get_statistics.hpp"

namespace core {

GetStatistics::GetStatistics(Store& store, HashingSlots& slots, std::size_t verified_capacity)
    : store_{store}, slots_{slots}, verified_{verified_capacity} {}

Result<Statistics> GetStatistics::run(const Parameters& parameters, std::string_view authorization,
                                      const std::optional<std::string>& client_address, Clock::time_point now,
                                      Trace& trace) {
    const std::optional<Login> login = find_login(parameters, authorization);
    if (!login) {
        trace.login_failure = "missing";
        return refusal(Code::kUnauthenticated);
    }
    const Result<Credentials> credentials = authenticate(*login, client_address, now, trace);
    if (!credentials) return credentials.errors();
    if (!credentials->login || credentials->user_access == 0) return refusal(Code::kRoleForbids);

    const Result<StatisticsRequest> request = validate(parameters);
    if (!request) return request.errors();

    if (request->form == StatisticsRequest::Form::kQueue) {
        auto found = store_.queue_statistics(credentials->person, request->id, request->period);
        if (found) return Statistics{std::move(*found)};
    } else {
        const auto found = store_.destination_statistics(credentials->person, request->id, request->period);
        if (found) return Statistics{*found};
    }
    return no_such_queue(request->key());
}

Result<Credentials> GetStatistics::authenticate(const Login& login, const std::optional<std::string>& client_address,
                                                Clock::time_point now, Trace& trace) {
    trace.username = login.username;
    // A login that was right before is never held up by others' wrong ones.
    if (!verified_.find_person(login.username, login.password, now) &&
        !throttle_.allows(client_address, login.username, now)) {
        trace.login_failure = "throttled";
        return refusal(Code::kTooManyAttempts);
    }

    std::optional<Credentials> stored = store_.credentials(login.username, client_address);
    const bool may_log_in = stored && stored->active && stored->source_allowed;
    if (!may_log_in ||
        !verified_.contains(login.username, login.password, stored->person, stored->password_hash, now)) {
        const HashingSlot slot{slots_};
        if (!slot) {
            trace.overload = "too many passwords to hash";
            return refusal(Code::kUnavailable);
        }
        trace.login_failure = verify(login, stored);
        if (!trace.login_failure.empty()) {
            throttle_.failed(client_address, login.username, now);
            return refusal(Code::kUnauthenticated);
        }
        verified_.remember(login.username, login.password, stored->person, stored->password_hash, now);
    }
    trace.person = stored->person;
    return *std::move(stored);
}

/// Why the login is wrong, or empty when it is right. Costs one hash in every case: a wrong password that of the stored
/// hash, all else one of the default scheme.
std::string_view GetStatistics::verify(const Login& login, const std::optional<Credentials>& stored) const {
    const auto at_the_cost_of_a_hash = [&](std::string_view reason) {
        dummy_.verify(login.password);
        return reason;
    };
    if (!stored) return at_the_cost_of_a_hash("unknown");
    if (!stored->active) return at_the_cost_of_a_hash("inactive");
    if (!stored->source_allowed) return at_the_cost_of_a_hash("source");
    if (!is_acceptable_hash(stored->password_hash)) return at_the_cost_of_a_hash("hash");
    const std::optional<bool> matches = password_matches(login.password, stored->password_hash);
    if (!matches) return at_the_cost_of_a_hash("hash");
    return *matches ? "" : "password";
}

}  // namespace core
