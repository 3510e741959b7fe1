#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/access/hashing_slots.hpp"
#include "core/access/login.hpp"
#include "core/access/login_throttle.hpp"
#include "core/access/password.hpp"
#include "core/access/verified_logins.hpp"
#include "core/refusal.hpp"
#include "core/request.hpp"
#include "core/store.hpp"

/// Who asks. A room of its own: no function enters it, and it knows of none.
namespace core::access {

/// Who may ask.
struct Admitted {
    std::int64_t person = 0;
    /// What answers the question, where it was asked in the same round trip as who the person is; else null.
    RowsPointer rows{};
};

/// Lets people in, or refuses them: who asks, then whether that role may. Keeps the verified and the failed logins of
/// this process; not thread-safe.
class Authenticator {
  public:
    /// store and slots outlive this object. verified_capacity: see VerifiedLogins.
    Authenticator(Store& store, HashingSlots& slots, std::size_t verified_capacity);

    /// login: nothing when none was given that could be right. question: nullptr when the parameters ask none. It is
    /// asked here only for a login remembered as right, and its rows are thrown away when it is right no more.
    /// A refusal is a value; StoreFailure passes through. The request's trace is filled also when it does.
    Result<Admitted> admit(const std::optional<Login>& login, const Question* question, Request& request);

  private:
    std::optional<Refusal> verify(const Login& login, const std::optional<Credentials>& stored, Request& request);
    std::string_view why_wrong(const Login& login, const std::optional<Credentials>& stored) const;

    Store& store_;
    HashingSlots& slots_;
    DummyHash dummy_;
    VerifiedLogins verified_;
    LoginThrottle throttle_;
};

}  // namespace core::access
