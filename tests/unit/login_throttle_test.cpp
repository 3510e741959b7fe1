#include "core/access/login_throttle.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using core::access::LoginThrottle;
using core::access::throttled_network;
using namespace std::chrono_literals;

namespace {

struct Fixture {
    LoginThrottle throttle;
    LoginThrottle::Clock::time_point now{1000h};

    bool allows(const char* address, const std::string& username) { return throttle.allows(address, username, now); }

    /// Fails until the throttle refuses, at most `most` times. Returns how often the throttle allowed a login.
    int failures(const char* address, const std::string& username, int most = 1000) {
        int count = 0;
        for (; count < most && allows(address, username); ++count) throttle.failed(address, username, now);
        return count;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(login_throttle, Fixture)

BOOST_AUTO_TEST_CASE(one_login_from_one_address_fails_five_times_and_then_once_in_ten_seconds) {
    BOOST_TEST(failures("192.0.2.1", "bob") == 5);
    now += 9999ms;
    BOOST_TEST(failures("192.0.2.1", "bob") == 0);
    now += 1ms;
    BOOST_TEST(failures("192.0.2.1", "bob") == 1);
    now += 1h;
    BOOST_TEST(failures("192.0.2.1", "bob") == 5);
}

BOOST_AUTO_TEST_CASE(time_without_failures_is_not_saved_up) {
    failures("192.0.2.1", "bob");  // full after 50 s, but dropped before amy's bucket, which is full after 10 s
    failures("192.0.2.1", "amy", 1);
    now += 30s;
    BOOST_TEST(failures("192.0.2.1", "amy") == 5);
}

BOOST_AUTO_TEST_CASE(a_name_is_never_throttled_for_other_addresses) {
    failures("192.0.2.1", "bob");
    BOOST_TEST(allows("192.0.2.2", "bob"));
    BOOST_TEST(throttle.allows(std::nullopt, "bob", now));
}

BOOST_AUTO_TEST_CASE(one_address_fails_twenty_times_whatever_the_names_and_then_once_a_second) {
    int count = 0;
    for (int i = 0; i < 100; ++i) count += failures("192.0.2.1", "name" + std::to_string(i), 1);
    BOOST_TEST(count == 20);
    BOOST_TEST(!allows("192.0.2.1", "another"));
    BOOST_TEST(allows("192.0.2.2", "another"));
    now += 1s;
    BOOST_TEST(allows("192.0.2.1", "another"));
}

BOOST_AUTO_TEST_CASE(a_device_with_an_old_password_leaves_room_for_others_at_its_address) {
    for (int i = 0; i < 600; ++i) {  // ten minutes, once a second
        failures("192.0.2.1", "wallboard", 1);
        now += 1s;
    }
    failures("192.0.2.1", "wallboard");
    BOOST_TEST(!allows("192.0.2.1", "wallboard"));
    BOOST_TEST(allows("192.0.2.1", "bob"));
}

BOOST_AUTO_TEST_CASE(ipv6_addresses_count_by_their_first_64_bits) {
    failures("2001:db8:1:2::1", "bob");
    BOOST_TEST(!allows("2001:db8:1:2:ffff::9", "bob"));
    BOOST_TEST(allows("2001:db8:1:3::1", "bob"));
}

BOOST_AUTO_TEST_CASE(the_network_of_an_address) {
    BOOST_TEST(throttled_network("192.0.2.1") == "192.0.2.1");
    BOOST_TEST(throttled_network("") == "");
    BOOST_TEST(throttled_network("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2");
    BOOST_TEST(throttled_network("2001:db8::1") == "2001:db8:0:0");
    BOOST_TEST(throttled_network("2001:db8::4:5:6:7:8") == "2001:db8:0:4");
    BOOST_TEST(throttled_network("::1") == "0:0:0:0");
    BOOST_TEST(throttled_network("::") == "0:0:0:0");
    BOOST_TEST(throttled_network("::2:3:4:5:6:7:8") == "0:2:3:4");
    BOOST_TEST(throttled_network("1::") == "1:0:0:0");
    BOOST_TEST(throttled_network("1:2:3:4:5:6:7::") == "1:2:3:4");
}

BOOST_AUTO_TEST_CASE(its_memory_is_bounded_and_an_attacker_who_fills_it_only_forgives) {
    failures("192.0.2.1", "bob");
    for (std::size_t i = 0; i < LoginThrottle::kCapacity; ++i)
        throttle.failed("198.51.100." + std::to_string(i), "x", now);
    BOOST_TEST(allows("192.0.2.1", "bob"));
}

BOOST_AUTO_TEST_SUITE_END()
