#include "core/access/authenticate.hpp"

#include <chrono>
#include <utility>

namespace core::access {
namespace {

Refusal refuse(Request& request, std::string_view reason) {
    request.trace.login_failure = reason;
    return refusal(Code::kUnauthenticated);
}

/// Whether a token that ends then has ended by this machine's clock.
bool has_ended(std::int64_t ends, const Request& request) {
    return request.wall_clock.time_since_epoch() >= std::chrono::seconds{ends};
}

}  // namespace

Authenticator::Authenticator(Store& store, HashingSlots& slots, std::size_t verified_capacity)
    : store_{store}, slots_{slots}, verified_{verified_capacity}, tokens_{verified_capacity} {}

Result<Admitted> Authenticator::admit(const Proof& proof, bool needs_user, const Question* question, Request& request) {
    if (std::holds_alternative<std::monostate>(proof)) return refuse(request, "missing");
    const Login* const login = std::get_if<Login>(&proof);
    Result<Known> known = login != nullptr ? admit_login(*login, question, request)
                                           : admit_token(std::get<Token>(proof), question, request);
    if (!known) return known.refusals();
    const Credentials& stored = known->stored;
    if (login == nullptr) request.trace.login = "token";
    request.trace.person = stored.person;
    if (!stored.login || (needs_user && stored.user_access == 0)) return refusal(Code::kRoleForbids);
    return Admitted{stored.person, std::move(known->username), std::move(known->rows)};
}

Result<Authenticator::Known> Authenticator::admit_login(const Login& login, const Question* question,
                                                        Request& request) {
    const auto is_throttled = [&] {
        if (throttle_.allows(request.client_address, login.username, request.now)) return false;
        request.trace.login_failure = "throttled";
        return true;
    };

    // Wrong logins of others never throttle a login that this process remembers. A process that has just started
    // remembers none, so that a flood from the same address can hold up all of them until they get through once.
    const Digest key = verified_.key_of(login.username, login.password);
    const auto known_person = verified_.find_person(key, request.now);
    if (!known_person && is_throttled()) return refusal(Code::kTooManyAttempts);

    // Most clients are known and ask for something valid: for them the rows come in the same round trip as the
    // credentials that decide whether the rows may be answered. For any other client the question waits for that
    // decision.
    const bool asks_at_once = known_person && question != nullptr;
    auto [stored, rows] = asks_at_once ? store_.credentials_and_ask(request, login.username, *known_person, *question)
                                       : CredentialsAndRows{store_.credentials(request, login.username), nullptr};

    if (stored) request.trace.username = login.username;
    const bool is_verified = stored && stored->active && stored->source_allowed &&
                             verified_.contains(key, stored->person, stored->password_hash, request.now);
    if (!is_verified) {
        rows.reset();
        // The login was right before and is not any more: from now on the throttle holds for it as for any other.
        if (known_person && is_throttled()) return refusal(Code::kTooManyAttempts);
        if (const auto refused = verify(login, key, stored, request)) return *refused;
    }
    request.trace.login = is_verified ? "remembered" : "verified";
    return Known{*std::move(stored), login.username, std::move(rows)};
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

Result<Authenticator::Known> Authenticator::admit_token(const Token& token, const Question* question,
                                                        Request& request) {
    const Digest key = tokens_.key_of(token.text);
    if (std::optional<Known> known = find_token(token, key, question, request)) return *std::move(known);
    return verify_token(token, key, request);
}

/// The person of a token that is remembered and still holds; nullopt for any other token, which is then not remembered
/// any more.
std::optional<Authenticator::Known> Authenticator::find_token(const Token& sent, const Digest& key,
                                                              const Question* question, Request& request) {
    const VerifiedToken* const found = tokens_.find(key, sent.text, request.now);
    if (found == nullptr) return std::nullopt;
    const VerifiedToken& token = *found;
    auto [stored, rows] = question != nullptr
                              ? store_.credentials_and_ask(request, token.username, token.person, *question)
                              : CredentialsAndRows{store_.credentials(request, token.username), nullptr};
    if (stored && stored->person == token.person && stored->token_epoch == token.epoch && stored->active &&
        stored->source_allowed && tokens_.has_hash(key, stored->password_hash, request.now) &&
        !has_ended(token.ends, request)) {
        request.trace.username = token.username;
        return Known{*std::move(stored), token.username, std::move(rows)};
    }
    tokens_.forget(key);
    return std::nullopt;
}

/// Asks the database. A forged token is throttled, but never before that: a token that holds is not held up by others.
Result<Authenticator::Known> Authenticator::verify_token(const Token& token, const Digest& key, Request& request) {
    const std::optional<TokenClaims> claims = read_token(token.text);
    if (!claims) return refuse_forged(request);
    TokenState state = store_.token(request, token.text, *claims);
    if (!state.is_signed) return refuse_forged(request);
    if (!state.credentials || state.credentials->person != claims->person || has_ended(state.ends, request))
        return refuse(request, "ended");
    Credentials& stored = *state.credentials;
    request.trace.username = state.username;
    if (!stored.active) return refuse(request, "inactive");
    if (!stored.source_allowed) return refuse(request, "source");
    tokens_.remember(key, token.text, {stored.person, state.username, state.ends, stored.token_epoch},
                     stored.password_hash, request.now);
    return Known{std::move(stored), std::move(state.username)};
}

Refusal Authenticator::refuse_forged(Request& request) {
    if (!throttle_.allows(request.client_address, request.now)) {
        request.trace.login_failure = "throttled";
        return refusal(Code::kTooManyAttempts);
    }
    throttle_.failed(request.client_address, request.now);
    return refuse(request, "token");
}

}  // namespace core::access
