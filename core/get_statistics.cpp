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

    // A login that was right before is never held up by others' wrong ones.
    const std::optional<std::int64_t> known_person = verified_.find_person(login->username, login->password, now);
    if (!known_person && !throttle_.allows(client_address, login->username, now)) {
        trace.login_failure = "throttled";
        return refusal(Code::kTooManyAttempts);
    }

    // Most callers are known and ask for something valid: their statistics come in the same round trip as what tells
    // whether they may have them. Nobody else's question reaches the calls before that is known.
    const Result<StatisticsRequest> request = validate(parameters);
    const bool asks_at_once = known_person && request;
    auto [stored, statistics] =
        asks_at_once ? store_.credentials_and_statistics(login->username, client_address, *known_person, *request)
                     : CredentialsAndStatistics{store_.credentials(login->username, client_address), std::nullopt};

    if (stored) trace.username = login->username;
    const bool is_verified =
        stored && stored->active && stored->source_allowed &&
        verified_.contains(login->username, login->password, stored->person, stored->password_hash, now);
    if (!is_verified) {
        // It was right before and is no more: from now on it is like any other.
        if (known_person && !throttle_.allows(client_address, login->username, now)) {
            trace.login_failure = "throttled";
            return refusal(Code::kTooManyAttempts);
        }
        const std::optional<Error> refused = verify(*login, client_address, stored, now, trace);
        if (refused) return *refused;
    }
    trace.person = stored->person;
    if (!stored->login || stored->user_access == 0) return refusal(Code::kRoleForbids);
    if (!request) return request.errors();

    if (!asks_at_once || !is_verified) statistics = read(stored->person, *request);
    if (!statistics) return no_such_queue(request->key());
    return *std::move(statistics);
}

/// Nothing when the login is right, and then it is remembered; else what to answer. A wrong one counts as failed.
std::optional<Error> GetStatistics::verify(const Login& login, const std::optional<std::string>& client_address,
                                           const std::optional<Credentials>& stored, Clock::time_point now,
                                           Trace& trace) {
    // A flood of wrong passwords shall not hold the last process, which others need, while it waits for a slot.
    const bool is_suspect = throttle_.is_suspect(client_address, now);
    const HashingSlot slot{slots_, !is_suspect};
    if (!slot && is_suspect) {
        trace.login_failure = "throttled";
        return refusal(Code::kTooManyAttempts);
    }
    if (!slot) {
        trace.overload = "too many passwords to hash";
        return refusal(Code::kUnavailable);
    }
    trace.login_failure = why_wrong(login, stored);
    if (!trace.login_failure.empty()) {
        throttle_.failed(client_address, login.username, now);
        return refusal(Code::kUnauthenticated);
    }
    verified_.remember(login.username, login.password, stored->person, stored->password_hash, now);
    return std::nullopt;
}

/// Why a login is wrong, or empty when it is right. Costs one hash in every case: a wrong password that of the stored
/// hash, all else one of the default scheme.
std::string_view GetStatistics::why_wrong(const Login& login, const std::optional<Credentials>& stored) const {
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

std::optional<Statistics> GetStatistics::read(std::int64_t person, const StatisticsRequest& request) {
    if (request.form == StatisticsRequest::Form::kQueue)
        return store_.queue_statistics(person, request.id, request.period);
    return store_.destination_statistics(person, request.id, request.period);
}

}  // namespace core
