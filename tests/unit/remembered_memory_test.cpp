/// What a remembered login and a remembered token take of memory, as the manual says at
/// QUEUE_STATISTICS_VERIFIED_LOGINS.

#include <malloc.h>

#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/access/verified_logins.hpp"
#include "core/access/verified_tokens.hpp"
#include "tests/unit/tokens.hpp"

#ifndef __SANITIZE_ADDRESS__  // mallinfo2 does not count what AddressSanitizer allocates

namespace {

using core::access::VerifiedLogins;
using core::access::VerifiedTokens;

constexpr std::int64_t kEntries = 10'000;
constexpr VerifiedLogins::Clock::time_point kNow{};

/// The bytes per entry, of the 10,000 that remember(number) makes.
std::size_t bytes_per_entry(const auto& remember) {
    const std::size_t before = mallinfo2().uordblks;
    for (std::int64_t number = 1; number <= kEntries; ++number) remember(number);
    return (mallinfo2().uordblks - before) / kEntries;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(remembered_memory)

BOOST_AUTO_TEST_CASE(a_login_takes_about_200_bytes) {
    VerifiedLogins logins{kEntries};
    const std::size_t bytes = bytes_per_entry([&logins](std::int64_t number) {
        logins.remember(logins.key_of("user" + std::to_string(number), "secret"), number, "hash", kNow);
    });
    BOOST_TEST(logins.size() == kEntries);
    BOOST_TEST(bytes > 150);
    BOOST_TEST(bytes <= 200);
}

BOOST_AUTO_TEST_CASE(a_token_takes_about_450_bytes) {
    VerifiedTokens tokens{kEntries};
    const std::size_t bytes = bytes_per_entry([&tokens](std::int64_t number) {
        const std::string digits = std::to_string(number);
        std::string token = test::token_of(digits, "1800000000", digits);
        token.resize(token.size() - test::kSignature.size());
        token += test::base64url("a signature of its own " + digits);
        tokens.remember(tokens.key_of(token), token, {number, "user" + digits, 1'800'000'000, 1}, "hash", kNow);
    });
    BOOST_TEST(tokens.size() == kEntries);
    BOOST_TEST(bytes > 340);
    BOOST_TEST(bytes <= 450);
}

BOOST_AUTO_TEST_SUITE_END()

#endif
