#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/access/hashing_slots.hpp"
#include "core/access/login.hpp"
#include "core/access/login_throttle.hpp"
#include "core/access/password.hpp"
#include "core/access/verified_logins.hpp"
#include "core/access/verified_tokens.hpp"
#include "core/refusal.hpp"
#include "core/request.hpp"
#include "core/store.hpp"

/// Authentication: who sends a request, and whether that role may use the API. Authentication and the functions of the
/// API know nothing of each other.
namespace core::access {

/// A person whose login is right and whose role may use the API.
struct Admitted {
    std::int64_t person = 0;
    std::string username;
    /// The rows of the question, when they came in the same round trip as the credentials; else null.
    RowsPointer rows{};
};

/// Verifies logins and tokens, then checks the role. Remembers the verified ones and the failures of this process. Not
/// thread-safe.
class Authenticator {
  public:
    /// store and slots must outlive this object. verified_capacity: how many logins VerifiedLogins keeps, and as many
    /// tokens VerifiedTokens. Throws std::system_error when the system gives no randomness.
    Authenticator(Store& store, HashingSlots& slots, std::size_t verified_capacity);

    /// The person, or a refusal: 401 for a wrong login or a token that does not hold, 402 for a role that forbids, 429
    /// when the throttle is empty, 503 when no slot to hash in was free. needs_user: whether the role must have the
    /// privilege `user`. question: nullptr when it cannot be asked yet, or the parameters are invalid. The question is
    /// asked here only for a remembered login or token; its rows are dropped when that is not right any more. Throws
    /// StoreFailure when the database cannot answer. Fills request.trace, also when it throws.
    Result<Admitted> admit(const Proof& proof, bool needs_user, const Question* question, Request& request);

  private:
    /// A person whose login is right, and the rows as in Admitted.
    struct Known {
        Credentials stored;
        std::string username;
        RowsPointer rows{};
    };

    Result<Known> admit_login(const Login& login, const Question* question, Request& request);
    std::optional<Refusal> verify(const Login& login, const Digest& key, const std::optional<Credentials>& stored,
                                  Request& request);
    std::string_view why_wrong(const Login& login, const std::optional<Credentials>& stored) const;
    Result<Known> admit_token(const Token& token, const Question* question, Request& request);
    std::optional<Known> find_token(const Token& sent, const Digest& key, const Question* question, Request& request);
    Result<Known> verify_token(const Token& token, const Digest& key, Request& request);
    Refusal refuse_forged(Request& request);

    Store& store_;
    HashingSlots& slots_;
    DummyHash dummy_;
    VerifiedLogins verified_;
    VerifiedTokens tokens_;
    LoginThrottle throttle_;
};

}  // namespace core::access
