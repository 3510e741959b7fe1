#include "core/get_statistics.hpp"

namespace core {

GetStatistics::GetStatistics(Store& store, std::size_t verified_capacity)
    : store_{store}, verified_{verified_capacity} {}

Result<Statistics> GetStatistics::run(const Parameters& parameters, std::string_view authorization,
                                      const std::optional<std::string>& client_address, Clock::time_point now,
                                      Trace& trace) {
    const std::optional<Login> login = find_login(parameters, authorization);
    if (!login) {
        trace.login_failure = "missing";
        return refusal(Code::kUnauthenticated);
    }
    const std::optional<Credentials> credentials = authenticate(*login, client_address, now, trace);
    if (!credentials) return refusal(Code::kUnauthenticated);
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

std::optional<Credentials> GetStatistics::authenticate(const Login& login,
                                                       const std::optional<std::string>& client_address,
                                                       Clock::time_point now, Trace& trace) {
    trace.username = login.username;
    std::optional<Credentials> stored = store_.credentials(login.username, client_address);

    const auto refuse = [&trace](std::string_view reason) {
        trace.login_failure = reason;
        return std::nullopt;
    };
    const auto refuse_at_the_cost_of_a_hash = [&](std::string_view reason) {
        dummy_.verify(login.password);
        return refuse(reason);
    };
    if (!stored) return refuse_at_the_cost_of_a_hash("unknown");
    if (!stored->active) return refuse_at_the_cost_of_a_hash("inactive");
    if (!stored->source_allowed) return refuse_at_the_cost_of_a_hash("source");
    if (!is_acceptable_hash(stored->password_hash)) return refuse_at_the_cost_of_a_hash("hash");

    if (!verified_.contains(login.username, login.password, stored->password_hash, now)) {
        const std::optional<bool> matches = password_matches(login.password, stored->password_hash);
        if (!matches) return refuse_at_the_cost_of_a_hash("hash");
        if (!*matches) return refuse("password");
        verified_.remember(login.username, login.password, stored->password_hash, now);
    }
    trace.person = stored->person;
    return stored;
}

}  // namespace core
