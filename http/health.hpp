#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/request.hpp"
#include "core/store.hpp"

namespace http {

/// Whether the database can be used, for load balancers. Asks it at most once per second, and else repeats itself.
class Health {
  public:
    /// store outlives this object.
    explicit Health(core::Store& store) : store_{store} {}

    /// request: whose deadline holds. Its client does not: what is found out is answered to others, too.
    /// error gets the reason when the database was asked and cannot be used.
    bool is_healthy(core::Request& request, std::string& error);

  private:
    core::Store& store_;
    std::optional<core::Request::Clock::time_point> last_probe_;
    bool healthy_ = false;
};

}  // namespace http
