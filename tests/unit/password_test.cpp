#include "core/access/password.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <fstream>
#include <new>
#include <string>

#include "core/access/verified_logins.hpp"

using core::access::is_acceptable_hash;
using core::access::password_matches;
using core::access::VerifiedLogins;
using namespace std::chrono_literals;

namespace {

// Hashes of the password "secret", made by crypt(3) at low cost.
const std::string kYescrypt = "$y$j75$saltsaltsaltsalt$DsMjm5uqUiFBUYLB9CLnX8E/M0k0mOVJBUWdpCrUik9";
const std::string kScrypt = "$7$7/..../....saltsalt$fiNuZ6pT9uBcnQZ/V4KkYV/UlAxV2mWysCaSbOcZW/7";
const std::string kBcrypt = "$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";
const std::string kSha256 = "$5$rounds=1000$saltsalt$eKLZU9t9OoPWrqOQsoTIKG0aYkZ5rGOoOQhiIvoSWX2";
const std::string kSha512 =
    "$6$rounds=1000$saltsalt$LAV5VE5Y7w1d73x1mFNspYWUpazfmwv2SoepNXNKJ/otop/Zok96Hr8Q13LEv0DRY/x8v0/"
    "crpIjl8NJSAqXV/";
// The hash of 72 times "x".
const std::string kBcrypt72 = "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i";

const std::string kSalt = "saltsaltsaltsalt";
const std::string k43 = std::string(43, 'a');  // as long as a hash of yescrypt, scrypt and SHA-256

/// The time at the start. VerifiedLogins has no clock of its own.
constexpr VerifiedLogins::Clock::time_point kStart{1000h};

}  // namespace

BOOST_AUTO_TEST_SUITE(password)

BOOST_AUTO_TEST_CASE(every_accepted_scheme_verifies) {
    for (const std::string& hash : {kYescrypt, kScrypt, kBcrypt, kSha256, kSha512}) {
        BOOST_TEST(is_acceptable_hash(hash), hash);
        BOOST_TEST(password_matches("secret", hash).value(), hash);
        for (const char* wrong : {"Secret", "secret ", " secret", "secre", "secrets", "secret\n", ""})
            BOOST_TEST(!password_matches(wrong, hash).value(), hash << " " << wrong);
    }
}

BOOST_AUTO_TEST_CASE(a_salt_of_sha2_may_have_other_characters_than_a_hash) {
    const std::string hash =
        "$6$ab+c=d-e$MXcxAc31tGRSxzlI5TBvW5brhJA3FKZzP9bgoU/4bHg6rBAOYM0y23qfmtdFqdnQd/ERl7xyFpNDl.VtEhIq9.";
    BOOST_TEST(is_acceptable_hash(hash));
    BOOST_TEST(password_matches("secret", hash).value());
    for (const char wrong : {' ', '\n', '!', '*', ':', ';', '\\', '\x7F', '\xE9'})
        BOOST_TEST(!is_acceptable_hash(std::string{"$6$ab"} + wrong + hash.substr(5)), static_cast<int>(wrong));
}

BOOST_AUTO_TEST_CASE(a_new_hash_is_yescrypt_with_a_salt_of_its_own) {
    const std::string hash = core::access::hash_password("pässword");
    BOOST_TEST(hash.starts_with("$y$"));
    BOOST_TEST(is_acceptable_hash(hash));
    BOOST_TEST(password_matches("pässword", hash).value());
    BOOST_TEST(!password_matches("password", hash).value());
    BOOST_TEST(hash != core::access::hash_password("pässword"));
}

BOOST_AUTO_TEST_CASE(what_is_not_a_hash_is_not_acceptable) {
    for (const std::string& hash :
         {std::string{}, std::string{"*"}, std::string{"!"}, std::string{"*0"}, std::string{"x"}, "!" + kSha512,
          std::string{"abNANd1rDfiNc"}, std::string{"$1$ab$dslkcXxVH.x8LwW1W/oAB/"}, std::string{"$y$"},
          std::string{"$6$"}, std::string{"$3$$8846f7eaee8fb117ad06bdd830b7586c"}, kSha512 + "a", " " + kSha512,
          kSha512 + "\n", "$gy$j9T$" + kSalt + "$" + k43})
        BOOST_TEST(!is_acceptable_hash(hash), hash);
}

BOOST_AUTO_TEST_CASE(no_truncated_hash_is_acceptable) {
    for (const std::string& hash : {kYescrypt, kScrypt, kBcrypt, kSha256, kSha512})
        for (std::size_t length = 0; length < hash.size(); ++length)
            BOOST_TEST(!is_acceptable_hash(hash.substr(0, length)), hash.substr(0, length));
}

BOOST_AUTO_TEST_CASE(an_expensive_hash_is_not_acceptable) {
    const auto yescrypt = [](const char* parameters) {
        return is_acceptable_hash(std::string{"$y$"} + parameters + "$" + kSalt + "$" + k43);
    };
    BOOST_TEST(yescrypt("j9T"));     // 16 MiB, the default
    BOOST_TEST(yescrypt("jBT"));     // 64 MiB
    BOOST_TEST(!yescrypt("jCT"));    // 128 MiB
    BOOST_TEST(!yescrypt("jl5"));    // 2^48
    BOOST_TEST(!yescrypt("j9TU/"));  // with options
    BOOST_TEST(!yescrypt("/9T"));    // another flavour

    const auto scrypt = [](const char* parameters) {
        return is_acceptable_hash(std::string{"$7$"} + parameters + kSalt + "$" + k43);
    };
    BOOST_TEST(scrypt("CU..../...."));   // N = 2^14, r = 32, p = 1: 64 MiB, the default
    BOOST_TEST(!scrypt("DU..../...."));  // 128 MiB
    BOOST_TEST(!scrypt("CU....0...."));  // p = 2: twice the time
    BOOST_TEST(!scrypt("CU........."));  // p = 0
    BOOST_TEST(!scrypt("CU..../zzzz"));
    BOOST_TEST(!scrypt("/zzzzz/...."));

    const auto bcrypt = [](const char* cost) {
        return is_acceptable_hash(std::string{"$2b$"} + cost + "$" + std::string(53, 'a'));
    };
    BOOST_TEST(bcrypt("04"));
    BOOST_TEST(bcrypt("12"));
    for (const char* cost : {"03", "13", "31", "99", "-1", "1", "1a", "004"}) BOOST_TEST(!bcrypt(cost), cost);
    BOOST_TEST(!is_acceptable_hash("$2b$12a" + std::string(53, 'a')));

    const auto sha512 = [](const char* rounds) {
        return is_acceptable_hash(std::string{"$6$"} + rounds + "salt$" + std::string(86, 'a'));
    };
    BOOST_TEST(sha512(""));
    BOOST_TEST(sha512("rounds=1000$"));
    BOOST_TEST(sha512("rounds=500000$"));
    for (const char* rounds : {"rounds=500001$", "rounds=999$", "rounds=05000$", "rounds=$", "rounds=-5000$",
                               "rounds=18446744073709551617$", "rounds=5000"})
        BOOST_TEST(!sha512(rounds), rounds);
}

BOOST_AUTO_TEST_CASE(a_salt_has_bounds) {
    const auto with_salt = [](std::string_view scheme, std::size_t salt_bytes, std::size_t hash_bytes) {
        return is_acceptable_hash(std::string{scheme} + std::string(salt_bytes, 's') + "$" +
                                  std::string(hash_bytes, 'a'));
    };
    for (const std::size_t right : {1U, 16U}) BOOST_TEST(with_salt("$6$", right, 86));
    for (const std::size_t wrong : {0U, 17U}) BOOST_TEST(!with_salt("$6$", wrong, 86));
    for (const std::size_t right : {1U, 86U}) BOOST_TEST(with_salt("$y$j9T$", right, 43));
    for (const std::size_t wrong : {0U, 87U}) BOOST_TEST(!with_salt("$y$j9T$", wrong, 43));
}

BOOST_AUTO_TEST_CASE(bcrypt_does_not_ignore_what_follows_its_72_bytes) {
    BOOST_TEST(password_matches(std::string(72, 'x'), kBcrypt72).value());
    BOOST_TEST(!password_matches(std::string(73, 'x'), kBcrypt72).value());
}

BOOST_AUTO_TEST_CASE(what_crypt_refuses_is_not_a_verdict) {
    BOOST_TEST(!password_matches(std::string(512, 'x'), kSha512).has_value());
    BOOST_TEST(password_matches(std::string(511, 'x'), kSha512).has_value());
    BOOST_TEST(!password_matches("*0", "*0").has_value());
}

#ifndef __SANITIZE_ADDRESS__  // AddressSanitizer needs more memory than the limit
BOOST_AUTO_TEST_CASE(without_memory_there_is_no_verdict_and_no_refusal) {
    const core::access::DummyHash dummy;
    long pages = 0;
    std::ifstream{"/proc/self/statm"} >> pages;
    rlimit before{};
    getrlimit(RLIMIT_AS, &before);
    const rlimit little{static_cast<rlim_t>(pages * sysconf(_SC_PAGESIZE)) + (1 << 20), before.rlim_max};
    setrlimit(RLIMIT_AS, &little);
    BOOST_CHECK_THROW(core::access::hash_password("secret"), std::bad_alloc);
    BOOST_CHECK_THROW(dummy.verify("secret"), std::bad_alloc);
    BOOST_CHECK_THROW(password_matches("secret", "$y$j9T$" + kSalt + "$" + k43), std::bad_alloc);
    setrlimit(RLIMIT_AS, &before);
    BOOST_TEST(!password_matches("secret", "$y$j9T$" + kSalt + "$" + k43).value());
}
#endif

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(verified_logins)

BOOST_AUTO_TEST_CASE(only_exactly_what_was_remembered_is_contained) {
    VerifiedLogins logins{10};
    BOOST_TEST(!logins.contains(logins.key_of("user", "secret"), 1, "hash", kStart));
    logins.remember(logins.key_of("user", "secret"), 1, "hash", kStart);
    BOOST_TEST(logins.contains(logins.key_of("user", "secret"), 1, "hash", kStart));
    BOOST_TEST(!logins.contains(logins.key_of("user", "wrong"), 1, "hash", kStart));
    BOOST_TEST(!logins.contains(logins.key_of("other", "secret"), 1, "hash", kStart));
    BOOST_TEST(
        !logins.contains(logins.key_of("users", "ecret"), 1, "hash", kStart));  // the same bytes, split elsewhere
    BOOST_TEST(logins.find_person(logins.key_of("user", "secret"), kStart).value() == 1);
    BOOST_TEST(!logins.find_person(logins.key_of("user", "wrong"), kStart).has_value());
}

BOOST_AUTO_TEST_CASE(a_login_with_another_hash_or_person_is_forgotten) {
    VerifiedLogins logins{10};
    logins.remember(logins.key_of("user", "secret"), 1, "hash", kStart);
    BOOST_TEST(!logins.contains(logins.key_of("user", "secret"), 1, "changed", kStart));
    BOOST_TEST(!logins.find_person(logins.key_of("user", "secret"), kStart).has_value());
    logins.remember(logins.key_of("user", "secret"), 1, "hash", kStart);
    BOOST_TEST(!logins.contains(logins.key_of("user", "secret"), 2, "hash", kStart));
    BOOST_TEST(!logins.contains(logins.key_of("user", "secret"), 1, "hash", kStart));
}

BOOST_AUTO_TEST_CASE(a_login_is_dropped_after_15_minutes_unused) {
    VerifiedLogins logins{10};
    logins.remember(logins.key_of("user", "secret"), 1, "hash", kStart);
    BOOST_TEST(logins.contains(logins.key_of("user", "secret"), 1, "hash", kStart + 15min));
    BOOST_TEST(logins.find_person(logins.key_of("user", "secret"), kStart + 30min).has_value());  // last used at 15 min
    BOOST_TEST(logins.contains(logins.key_of("user", "secret"), 1, "hash", kStart + 45min));
    BOOST_TEST(!logins.find_person(logins.key_of("user", "secret"), kStart + 60min + 1s).has_value());
    BOOST_TEST(logins.size() == 0);
}

BOOST_AUTO_TEST_CASE(a_full_memory_drops_the_least_recently_used) {
    VerifiedLogins logins{2};
    logins.remember(logins.key_of("a", "p"), 1, "h", kStart);
    logins.remember(logins.key_of("b", "p"), 2, "h", kStart + 1s);
    BOOST_TEST(logins.contains(logins.key_of("a", "p"), 1, "h", kStart + 2s));
    logins.remember(logins.key_of("c", "p"), 3, "h", kStart + 3s);
    BOOST_TEST(logins.size() == 2);
    BOOST_TEST(logins.contains(logins.key_of("a", "p"), 1, "h", kStart + 4s));
    BOOST_TEST(!logins.contains(logins.key_of("b", "p"), 2, "h", kStart + 4s));
    BOOST_TEST(logins.contains(logins.key_of("c", "p"), 3, "h", kStart + 4s));
}

BOOST_AUTO_TEST_CASE(remembering_again_counts_as_use_and_takes_no_room) {
    VerifiedLogins logins{2};
    logins.remember(logins.key_of("a", "p"), 1, "h", kStart);
    logins.remember(logins.key_of("b", "p"), 2, "h", kStart + 1s);
    logins.remember(logins.key_of("a", "p"), 1, "h", kStart + 2s);
    BOOST_TEST(logins.size() == 2);
    logins.remember(logins.key_of("c", "p"), 3, "h", kStart + 3s);
    BOOST_TEST(logins.contains(logins.key_of("a", "p"), 1, "h", kStart + 3s));
}

BOOST_AUTO_TEST_CASE(a_capacity_of_zero_remembers_nothing) {
    VerifiedLogins logins{0};
    logins.remember(logins.key_of("user", "secret"), 1, "hash", kStart);
    BOOST_TEST(!logins.contains(logins.key_of("user", "secret"), 1, "hash", kStart));
}

BOOST_AUTO_TEST_SUITE_END()
