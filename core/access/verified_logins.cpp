#include "core/access/verified_logins.hpp"

namespace core::access {

VerifiedLogins::VerifiedLogins(std::size_t capacity) : logins_{capacity} {}

std::optional<std::int64_t> VerifiedLogins::find_person(std::string_view username, std::string_view password,
                                                        Clock::time_point now) {
    drop_unused(now);
    Verified* const found = logins_.find(hmac_.of({username, password}));
    if (found == nullptr) return std::nullopt;
    found->last_used = now;
    return found->person;
}

bool VerifiedLogins::contains(std::string_view username, std::string_view password, std::int64_t person,
                              std::string_view hash, Clock::time_point now) {
    drop_unused(now);
    const Digest login = hmac_.of({username, password});
    Verified* const found = logins_.find(login);
    if (found == nullptr) return false;
    if (found->person != person || found->with_hash != hmac_.of({username, password, hash})) {
        logins_.erase(login);
        return false;
    }
    found->last_used = now;
    return true;
}

void VerifiedLogins::remember(std::string_view username, std::string_view password, std::int64_t person,
                              std::string_view hash, Clock::time_point now) {
    drop_unused(now);
    logins_.put(hmac_.of({username, password}), {person, hmac_.of({username, password, hash}), now});
}

std::size_t VerifiedLogins::size() const { return logins_.size(); }

void VerifiedLogins::drop_unused(Clock::time_point now) {
    logins_.drop_oldest_while([now](const Verified& login) { return now - login.last_used > kUnused; });
}

}  // namespace core::access
