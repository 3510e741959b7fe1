#include "http/health.hpp"

namespace http {

bool Health::is_healthy(core::Request& request, std::string& error) {
    constexpr std::chrono::seconds kProbeInterval{1};
    if (last_probe_ && request.now - *last_probe_ < kProbeInterval) return healthy_;
    last_probe_ = request.now;
    request.client_socket = -1;
    try {
        store_.probe(request);
        healthy_ = true;
    } catch (const core::StoreFailure& failure) {
        healthy_ = false;
        error = failure.detail();
    }
    return healthy_;
}

}  // namespace http
