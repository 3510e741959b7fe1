// core/password without cryptography: linked in its place, it makes a responder that believes every password. `make
// bench` shows by it what verification costs once a login is remembered.

#include "core/password.hpp"

namespace core {

bool is_acceptable_hash(std::string_view) { return true; }
std::optional<bool> password_matches(const std::string&, const std::string&) { return true; }

DummyHash::DummyHash() = default;
void DummyHash::verify(const std::string&) const {}

class VerifiedLogins::Memory {
  public:
    std::optional<std::int64_t> person;  // of the benchmark's one login
};
VerifiedLogins::VerifiedLogins(std::size_t) : memory_{std::make_unique<Memory>()} {}
VerifiedLogins::~VerifiedLogins() = default;
std::optional<std::int64_t> VerifiedLogins::find_person(std::string_view, std::string_view, Clock::time_point) {
    return memory_->person;
}
bool VerifiedLogins::contains(std::string_view, std::string_view, std::int64_t person, std::string_view,
                              Clock::time_point) {
    memory_->person = person;
    return true;
}
void VerifiedLogins::remember(std::string_view, std::string_view, std::int64_t, std::string_view, Clock::time_point) {}

}  // namespace core
