#include "http/client_address.hpp"

#include <arpa/inet.h>

namespace http {

std::optional<std::string> client_address(std::string_view remote_addr) {
    const std::string text{remote_addr};
    in_addr v4{};
    in6_addr v6{};
    char canonical[INET6_ADDRSTRLEN];
    if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return inet_ntop(AF_INET, &v4, canonical, sizeof canonical);
    if (inet_pton(AF_INET6, text.c_str(), &v6) != 1) return std::nullopt;
    if (IN6_IS_ADDR_V4MAPPED(&v6)) return inet_ntop(AF_INET, &v6.s6_addr[12], canonical, sizeof canonical);
    return inet_ntop(AF_INET6, &v6, canonical, sizeof canonical);
}

}  // namespace http
