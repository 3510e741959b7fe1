#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/request.hpp"
#include "core/store.hpp"

namespace http {

/// Tells load balancers whether the database can be used. Probes the database at most once per second and process, and
/// repeats the last result in between.
class Health {
  public:
    /// store must outlive this object.
    explicit Health(core::Store& store) : store_{store} {}

    /// Whether the database can be used. The probe ends at request.deadline. It does not end when the client leaves,
    /// since other clients get its result too: sets request.client_socket to -1. error gets the reason when a probe
    /// failed.
    bool is_healthy(core::Request& request, std::string& error);

  private:
    core::Store& store_;
    std::optional<core::Request::Clock::time_point> last_probe_;
    bool healthy_ = false;
};

}  // namespace http
