#pragma once

#include <cstddef>
#include <string_view>

#include "core/access/authenticate.hpp"
#include "core/function.hpp"
#include "core/store.hpp"

namespace core {

/// Answers any function from a store. Refusals come in this order: who asks, whether that role may, what is asked for,
/// whether it is there and to be seen.
class Api {
  public:
    /// store and slots outlive this object. verified_capacity: see VerifiedLogins.
    Api(Store& store, access::HashingSlots& slots, std::size_t verified_capacity)
        : store_{store}, authenticator_{store, slots, verified_capacity} {}

    /// authorization: the HTTP header's value, or empty. A refusal is a value; StoreFailure passes through. The
    /// request's trace is filled also when it does.
    Result<Answer> answer(const Function& function, const Parameters& parameters, std::string_view authorization,
                          Request& request);

  private:
    Store& store_;
    access::Authenticator authenticator_;
};

}  // namespace core
