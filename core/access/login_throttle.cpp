#include "core/access/login_throttle.hpp"

#include <algorithm>
#include <functional>
#include <random>

namespace core::access {

LoginThrottle::LoginThrottle() {
    std::random_device random;
    for (int i = 0; i < 8; ++i) secret_ += std::to_string(random());
}

bool LoginThrottle::allows(const std::optional<std::string>& client_address, std::string_view username,
                           Clock::time_point now) {
    const Keys keys = keys_of(client_address, username);
    return has_one(keys.login, kPerLogin, now) && has_one(keys.address, kPerAddress, now);
}

bool LoginThrottle::allows(const std::optional<std::string>& client_address, Clock::time_point now) {
    return has_one(keys_of(client_address, "").address, kPerAddress, now);
}

bool LoginThrottle::is_suspect(const std::optional<std::string>& client_address, Clock::time_point now) {
    const FullAt* const full_at = buckets_.find(keys_of(client_address, "").address);
    return full_at != nullptr && *full_at > now;
}

void LoginThrottle::failed(const std::optional<std::string>& client_address, std::string_view username,
                           Clock::time_point now) {
    const Keys keys = keys_of(client_address, username);
    take_one(keys.login, kPerLogin, now);
    take_one(keys.address, kPerAddress, now);
}

void LoginThrottle::failed(const std::optional<std::string>& client_address, Clock::time_point now) {
    take_one(keys_of(client_address, "").address, kPerAddress, now);
}

LoginThrottle::Keys LoginThrottle::keys_of(const std::optional<std::string>& client_address,
                                           std::string_view username) const {
    std::string text = secret_ + throttled_network(client_address.value_or(""));
    const std::hash<std::string> hash;
    const std::uint64_t address = hash(text);
    text += '\n';  // no address contains it
    text += username;
    return {address, hash(text)};
}

bool LoginThrottle::has_one(std::uint64_t key, Limit limit, Clock::time_point now) {
    const FullAt* const full_at = buckets_.find(key);
    return full_at == nullptr || *full_at - now <= limit.refill * (limit.burst - 1);
}

void LoginThrottle::take_one(std::uint64_t key, Limit limit, Clock::time_point now) {
    buckets_.drop_oldest_while([now](FullAt full_at) { return full_at <= now; });
    const FullAt* const full_at = buckets_.find(key);
    const FullAt fuller = (full_at == nullptr ? now : std::max(*full_at, now)) + limit.refill;
    buckets_.put(key, std::min(fuller, now + limit.refill * limit.burst));
}

std::string throttled_network(std::string_view address) {
    if (address.find(':') == address.npos) return std::string{address};
    // "::" stands for as many zero groups as eight groups lack. Only the first four groups matter.
    const std::size_t gap = address.find("::");
    const auto groups_of = [](std::string_view text) {
        return text.empty() ? std::ptrdiff_t{0} : std::count(text.begin(), text.end(), ':') + 1;
    };
    std::string_view left = address.substr(0, gap);
    std::string_view right = gap == address.npos ? std::string_view{} : address.substr(gap + 2);
    std::ptrdiff_t zeros = gap == address.npos ? 0 : 8 - groups_of(left) - groups_of(right);

    std::string network;
    for (int group = 0; group < 4; ++group) {
        std::string_view& source = left.empty() && zeros <= 0 ? right : left;
        if (group > 0) network += ':';
        if (source.empty()) {
            network += '0';
            --zeros;
            continue;
        }
        const std::size_t colon = source.find(':');
        network += source.substr(0, colon);
        source.remove_prefix(colon == source.npos ? source.size() : colon + 1);
    }
    return network;
}

}  // namespace core::access
