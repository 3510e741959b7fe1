#include "core/access/authenticate.hpp"

#include <utility>

namespace core::access {

Authenticator::Authenticator(Store& store, HashingSlots& slots, std::size_t verified_capacity)
    : store_{store}, slots_{slots}, verified_{verified_capacity} {}

Result<Admitted> Authenticator::admit(const std::optional<Login>& login, const Question* question, Request& request) {
    if (!login) {
        request.trace.login_failure = "missing";
        return refusal(Code::kUnauthenticated);
    }
    const auto is_throttled = [&] {
        if (throttle_.allows(request.client_address, login->username, request.now)) return false;
        request.trace.login_failure = "throttled";
        return true;
    };

    // A login that was right before is never held up by others' wrong ones.
    const auto known_person = verified_.find_person(login->username, login->password, request.now);
    if (!known_person && is_throttled()) return refusal(Code::kTooManyAttempts);

    // Most clients are known and ask for something valid: the rows come in the same round trip as what tells whether
    // they may have them. Nobody else's question reaches the calls before that is known.
    const bool asks_at_once = known_person && question != nullptr;
    auto [stored, rows] = asks_at_once ? store_.credentials_and_ask(request, login->username, *known_person, *question)
                                       : CredentialsAndRows{store_.credentials(request, login->username), nullptr};

    if (stored) request.trace.username = login->username;
    const bool is_verified =
        stored && stored->active && stored->source_allowed &&
        verified_.contains(login->username, login->password, stored->person, stored->password_hash, request.now);
    if (!is_verified) {
        rows.reset();
        // It was right before and is no more: from now on it is like any other.
        if (known_person && is_throttled()) return refusal(Code::kTooManyAttempts);
        if (const auto refused = verify(*login, stored, request)) return *refused;
    }
    request.trace.person = stored->person;
    if (!stored->login || stored->user_access == 0) return refusal(Code::kRoleForbids);
    return Admitted{stored->person, std::move(rows)};
}

/// Nothing when the login is right, and then it is remembered; else what to answer. A wrong one counts as failed.
std::optional<Refusal> Authenticator::verify(const Login& login, const std::optional<Credentials>& stored,
                                             Request& request) {
    // A flood of wrong passwords shall not hold the last process, which others need, while it waits for a slot.
    const bool is_suspect = throttle_.is_suspect(request.client_address, request.now);
    const HashingSlot slot{slots_, !is_suspect};
    if (!slot && is_suspect) {
        request.trace.login_failure = "throttled";
        return refusal(Code::kTooManyAttempts);
    }
    if (!slot) {
        request.trace.overload = "too many passwords to hash";
        return refusal(Code::kUnavailable);
    }
    request.trace.login_failure = why_wrong(login, stored);
    if (!request.trace.login_failure.empty()) {
        throttle_.failed(request.client_address, login.username, request.now);
        return refusal(Code::kUnauthenticated);
    }
    verified_.remember(login.username, login.password, stored->person, stored->password_hash, request.now);
    return std::nullopt;
}

/// Why a login is wrong, or empty when it is right. Costs one hash in every case: a wrong password that of the stored
/// hash, all else one of the default scheme.
std::string_view Authenticator::why_wrong(const Login& login, const std::optional<Credentials>& stored) const {
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

}  // namespace core::access
