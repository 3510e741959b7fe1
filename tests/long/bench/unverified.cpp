// core/access/password and verified_logins without cryptography. Linked in their place, they make a responder that
// accepts every password. `make bench` uses it to show what verification costs once a login is remembered.

#include "core/access/password.hpp"
#include "core/access/verified_logins.hpp"

namespace core::access {
namespace {

std::optional<std::int64_t> person;  // of the only login in the benchmark

}  // namespace

bool is_acceptable_hash(std::string_view) { return true; }
std::optional<bool> password_matches(const std::string&, const std::string&) { return true; }

DummyHash::DummyHash() = default;
void DummyHash::verify(const std::string&) const {}

VerifiedLogins::VerifiedLogins(std::size_t) : logins_{0} {}
std::optional<std::int64_t> VerifiedLogins::find_person(std::string_view, std::string_view, Clock::time_point) {
    return person;
}
bool VerifiedLogins::contains(std::string_view, std::string_view, std::int64_t whose, std::string_view,
                              Clock::time_point) {
    person = whose;
    return true;
}
void VerifiedLogins::remember(std::string_view, std::string_view, std::int64_t, std::string_view, Clock::time_point) {}

}  // namespace core::access
