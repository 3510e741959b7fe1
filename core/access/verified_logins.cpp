#include "core/access/verified_logins.hpp"

namespace core::access {

VerifiedLogins::VerifiedLogins(std::size_t capacity) : logins_{capacity} {}

Digest VerifiedLogins::key_of(std::string_view username, std::string_view password) const {
    return hmac_.of({username, password});
}

std::optional<std::int64_t> VerifiedLogins::find_person(const Digest& login, Clock::time_point now) {
    const Verified* const found = logins_.find(login, now, [](const Verified&) { return true; });
    return found == nullptr ? std::nullopt : std::optional{found->person};
}

bool VerifiedLogins::contains(const Digest& login, std::int64_t person, std::string_view hash, Clock::time_point now) {
    const bool is_found = logins_.find(login, now, [&](const Verified& found) {
        return found.person == person && found.with_hash == hmac_.of(login, hash);
    }) != nullptr;
    if (!is_found) logins_.erase(login);
    return is_found;
}

void VerifiedLogins::remember(const Digest& login, std::int64_t person, std::string_view hash, Clock::time_point now) {
    logins_.put(login, {person, hmac_.of(login, hash)}, now);
}

std::size_t VerifiedLogins::size() const { return logins_.size(); }

}  // namespace core::access
