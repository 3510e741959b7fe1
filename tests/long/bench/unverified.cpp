// Replaces core/access/password.cpp and verified_logins.cpp without cryptography. A responder that is linked with this
// file accepts every password. `make bench` uses it to show what verification costs once a login is remembered.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/access/password.hpp"
#include "core/access/verified_logins.hpp"

namespace core::access {
namespace {

std::optional<std::int64_t> person;  // whose login the benchmark uses; it uses only one

}  // namespace

bool is_acceptable_hash(std::string_view) { return true; }
std::optional<bool> password_matches(const std::string&, const std::string&) { return true; }

DummyHash::DummyHash() = default;
void DummyHash::verify(const std::string&) const {}

VerifiedLogins::VerifiedLogins(std::size_t) : logins_{0} {}
Digest VerifiedLogins::key_of(std::string_view, std::string_view) const { return {}; }
std::optional<std::int64_t> VerifiedLogins::find_person(const Digest&, Clock::time_point) { return person; }
bool VerifiedLogins::contains(const Digest&, std::int64_t whose, std::string_view, Clock::time_point) {
    person = whose;
    return true;
}
void VerifiedLogins::remember(const Digest&, std::int64_t, std::string_view, Clock::time_point) {}

}  // namespace core::access
