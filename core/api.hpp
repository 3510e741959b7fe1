#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

#include "core/access/authenticate.hpp"
#include "core/function.hpp"
#include "core/store.hpp"

namespace core {

/// Answers any function of the API from a store. Not thread-safe.
class Api {
  public:
    /// store and slots must outlive this object. verified_capacity: how many logins VerifiedLogins keeps, and
    /// VerifiedTokens. token_life: how long a token holds that user/login makes; 0: no token counts at all.
    Api(Store& store, access::HashingSlots& slots, std::size_t verified_capacity, std::chrono::minutes token_life)
        : store_{store}, authenticator_{store, slots, verified_capacity}, token_life_{token_life} {}

    /// The answer of the function, or the refusals. Refusals come in this order: 401 or 429 for the login or token, 402
    /// for the role, 400 for the parameters, 404 for what is absent or may not be seen. For example, a wrong password
    /// together with a wrong `start` is a 401 alone. authorization: the value of the HTTP header Authorization, or
    /// empty. Throws StoreFailure when the database cannot answer. Fills request.trace, also when it throws.
    Result<Answer> answer(const Function& function, const Parameters& parameters, std::string_view authorization,
                          Request& request);

  private:
    Store& store_;
    access::Authenticator authenticator_;
    std::chrono::minutes token_life_;
};

}  // namespace core
