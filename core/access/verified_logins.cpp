#include "core/access/verified_logins.hpp"

namespace core::access {

VerifiedLogins::VerifiedLogins(std::size_t capacity) : logins_{capacity} {}

Digest VerifiedLogins::key_of(std::string_view username, std::string_view password) const {
    return hmac_.of({username, password});
}

std::optional<std::int64_t> VerifiedLogins::find_person(const Digest& login, Clock::time_point now) {
    drop_unused(now);
    Verified* const found = logins_.find(login);
    if (found == nullptr) return std::nullopt;
    found->last_used = now;
    return found->person;
}

bool VerifiedLogins::contains(const Digest& login, std::int64_t person, std::string_view hash, Clock::time_point now) {
    drop_unused(now);
    Verified* const found = logins_.find(login);
    if (found == nullptr) return false;
    if (found->person != person || found->with_hash != with_hash(login, hash)) {
        logins_.erase(login);
        return false;
    }
    found->last_used = now;
    return true;
}

void VerifiedLogins::remember(const Digest& login, std::int64_t person, std::string_view hash, Clock::time_point now) {
    drop_unused(now);
    logins_.put(login, {person, with_hash(login, hash), now});
}

Digest VerifiedLogins::with_hash(const Digest& login, std::string_view hash) const {
    return hmac_.of({{reinterpret_cast<const char*>(login.data()), login.size()}, hash});
}

std::size_t VerifiedLogins::size() const { return logins_.size(); }

void VerifiedLogins::drop_unused(Clock::time_point now) {
    logins_.drop_oldest_while([now](const Verified& login) { return now - login.last_used > kUnused; });
}

}  // namespace core::access
