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

    // Wrong logins of others never throttle a login that this process remembers. A process that has just started
    // remembers none, so that a flood from the same address can hold up all of them until they get through once.
    const Digest key = verified_.key_of(login->username, login->password);
    const auto known_person = verified_.find_person(key, request.now);
    if (!known_person && is_throttled()) return refusal(Code::kTooManyAttempts);

    // Most clients are known and ask for something valid: for them the rows come in the same round trip as the
    // credentials that decide whether the rows may be answered. For any other client the question waits for that
    // decision.
    const bool asks_at_once = known_person && question != nullptr;
    auto [stored, rows] = asks_at_once ? store_.credentials_and_ask(request, login->username, *known_person, *question)
                                       : CredentialsAndRows{store_.credentials(request, login->username), nullptr};

    if (stored) request.trace.username = login->username;
    const bool is_verified = stored && stored->active && stored->source_allowed &&
                             verified_.contains(key, stored->person, stored->password_hash, request.now);
    if (!is_verified) {
        rows.reset();
        // The login was right before and is not any more: from now on the throttle holds for it as for any other.
        if (known_person && is_throttled()) return refusal(Code::kTooManyAttempts);
        if (const auto refused = verify(*login, key, stored, request)) return *refused;
    }
    request.trace.person = stored->person;
    if (!stored->login || stored->user_access == 0) return refusal(Code::kRoleForbids);
    return Admitted{stored->person, std::move(rows)};
}

/// Returns nullopt when the login is right, and remembers the login; else the refusal. Tells the throttle of a wrong
/// login.
std::optional<Refusal> Authenticator::verify(const Login& login, const Digest& key,
                                             const std::optional<Credentials>& stored, Request& request) {
    // Waiting for a slot keeps this process from other clients: a flood of wrong passwords must not make it wait.
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
    verified_.remember(key, stored->person, stored->password_hash, request.now);
    return std::nullopt;
}

/// The reason why a login is wrong; empty when it is right. Computes one hash in every case, so that the time of the
/// answer tells nothing: by the stored hash's scheme to compare a password, by the default scheme for any other reason.
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
