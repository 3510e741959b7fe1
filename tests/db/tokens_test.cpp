#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <utility>

#include "core/access/hmac.hpp"
#include "core/access/token.hpp"
#include "tests/db/client.hpp"
#include "tests/db/database.hpp"

namespace {

class Tokens : public test::Database {
  public:
    Tokens() {
        run(R"(insert into queue_statistics.customers (id, name) values (3, 'Three');
               insert into queue_statistics.people (id, customer, role, username, password, source)
               select v.id, 3, r.id, v.name, v.hash, v.source::cidr[]
                 from (values (7, 'alice', 'hash 1', '{}'), (8, 'bob', 'hash 2', '{192.0.2.0/24}'))
                      v (id, name, hash, source)
                 join queue_statistics.roles r on r.name = 'User')");
    }

    test::Client store{{conninfo("reader")}};
    const std::int64_t now = std::time(nullptr);

    /// A token that ends after so many seconds.
    std::string make(const std::string& username, std::int64_t seconds = 3600) {
        return value("select queue_statistics.make_token('" + username + "', " + std::to_string(now + seconds) +
                     ", null)");
    }

    /// A token as `token add` makes it, with the id 1.
    std::string add(std::int64_t seconds = 3600) {
        return value(R"(with made as (insert into queue_statistics.tokens (id, person, expires)
                                      values (1, 7, to_timestamp()" +
                     std::to_string(now + seconds) +
                     R"()) returning id, expires)
                        select queue_statistics.make_token('alice', extract(epoch from expires)::bigint, id)
                          from made)");
    }

    /// "forged", "ended", or the name of the person and the seconds that are left.
    std::string state(const std::string& token) {
        const core::TokenState found = store.token(token, "192.0.2.1");
        BOOST_TEST(found.credentials.has_value() == !found.username.empty());
        if (!found.is_signed) return "forged";
        return found.username.empty() ? "ended" : found.username + " " + std::to_string(found.ends - now);
    }

    std::string epoch() { return value("select epoch from queue_statistics.token_epoch"); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(tokens)

BOOST_FIXTURE_TEST_CASE(a_token_tells_whose_it_is_and_the_credentials, Tokens) {
    BOOST_TEST(state(make("alice")) == "alice 3600");
    const core::TokenState bob = store.token(make("bob"), "192.0.2.1");
    BOOST_REQUIRE(bob.credentials.has_value());
    BOOST_TEST(bob.credentials->person == 8);
    BOOST_TEST(bob.credentials->password_hash == "hash 2");
    BOOST_TEST(bob.credentials->source_allowed);
    BOOST_TEST(bob.credentials->user_access == 1);
    BOOST_TEST(std::to_string(bob.credentials->token_epoch) == epoch());
    BOOST_TEST(store.credentials("bob", "192.0.2.1")->token_epoch == bob.credentials->token_epoch);
    const core::TokenState elsewhere = store.token(make("bob"), "198.51.100.1");
    BOOST_TEST(!elsewhere.credentials->source_allowed);
    BOOST_TEST(!store.token(make("bob"), std::nullopt).credentials->source_allowed);
}

BOOST_FIXTURE_TEST_CASE(the_signature_is_the_hmac_of_the_standard, Tokens) {
    // RFC 4231, test case 2: key "Jefe", data "what do ya want for nothing?".
    run(R"(update queue_statistics.token_key set inner_pad = decode(rpad('7c535053', 128, '36'), 'hex'),
                                                 outer_pad = decode(rpad('16393a39', 128, '5c'), 'hex'))");
    BOOST_TEST(value("select encode(queue_statistics.token_mac('what do ya want for nothing?'), 'hex')") ==
               "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

BOOST_FIXTURE_TEST_CASE(every_key_is_another_one_of_32_bytes, Tokens) {
    const std::string first = value("select encode(inner_pad, 'hex') from queue_statistics.token_key");
    run("select queue_statistics.renew_token_key()");
    BOOST_TEST(value("select encode(inner_pad, 'hex') from queue_statistics.token_key") != first);
    BOOST_TEST(first.size() == 128);
    BOOST_TEST(first.substr(64) == value("select repeat('36', 32)"));
    BOOST_TEST(value("select count(*) from queue_statistics.token_key") == "1");
}

BOOST_FIXTURE_TEST_CASE(what_ends_a_token_ends_it, Tokens) {
    const std::string alice = make("alice");
    BOOST_TEST(state(make("alice", -60)) == "ended");
    BOOST_TEST(state(make("alice", 0)) == "ended");
    run("update queue_statistics.people set password = 'hash 3' where id = 7");
    BOOST_TEST(state(alice) == "ended");
    run("update queue_statistics.people set password = 'hash 1' where id = 7");
    BOOST_TEST(state(alice) == "alice 3600");
    run("delete from queue_statistics.people where id = 7");
    BOOST_TEST(state(alice) == "ended");
    const std::string bob = make("bob");
    run("select queue_statistics.renew_token_key()");
    BOOST_TEST(state(bob) == "forged");
    run("truncate queue_statistics.token_key");  // without a key no token holds
    BOOST_TEST(state(bob) == "forged");
}

BOOST_FIXTURE_TEST_CASE(a_stored_token_ends_with_its_row, Tokens) {
    const std::string token = add();
    BOOST_TEST(state(token) == "alice 3600");
    run("update queue_statistics.tokens set expires = to_timestamp(" + std::to_string(now + 60) + ")");
    BOOST_TEST(state(token) == "alice 60");
    run("update queue_statistics.tokens set expires = now() + interval '2 days'");
    BOOST_TEST(state(token) == "alice 3600");  // never longer than it says
    run("update queue_statistics.tokens set revoked = true");
    BOOST_TEST(state(token) == "ended");
    run("update queue_statistics.tokens set revoked = false, person = 8");
    BOOST_TEST(state(token) == "ended");
    run("delete from queue_statistics.tokens");
    BOOST_TEST(state(token) == "ended");
}

BOOST_FIXTURE_TEST_CASE(the_epoch_changes_with_all_that_ends_tokens_but_time_and_passwords, Tokens) {
    std::string last = epoch();
    const auto changes = [&](const std::string& text) {
        run(text);
        const std::string before = std::exchange(last, epoch());
        return before != last;
    };
    add();
    BOOST_TEST(epoch() == last);
    BOOST_TEST(changes("update queue_statistics.tokens set revoked = true"));
    BOOST_TEST(changes("delete from queue_statistics.tokens"));
    BOOST_TEST(changes("truncate queue_statistics.tokens"));
    BOOST_TEST(changes("select queue_statistics.renew_token_key()"));
    BOOST_TEST(changes("delete from queue_statistics.token_key"));
    BOOST_TEST(!changes("update queue_statistics.people set password = 'hash 3'"));
}

BOOST_FIXTURE_TEST_CASE(claims_under_the_signature_of_others_are_forged, Tokens) {
    const std::string alice = make("alice"), bob = make("bob"), longer = make("alice", 7200), stored = add();
    const auto with_signature_of = [](const std::string& token, const std::string& other) {
        return token.substr(0, token.rfind('.')) + other.substr(other.rfind('.'));
    };
    BOOST_TEST(state(with_signature_of(bob, alice)) == "forged");
    BOOST_TEST(state(with_signature_of(longer, alice)) == "forged");
    BOOST_TEST(state(with_signature_of(stored, alice)) == "forged");
    BOOST_TEST(state(with_signature_of(alice, stored)) == "forged");
    BOOST_TEST(state(with_signature_of(alice, alice)) == "alice 3600");
}

BOOST_FIXTURE_TEST_CASE(twenty_thousand_wrong_signatures_are_forged, Tokens) {
    const std::string alice = make("alice");
    const auto claims = core::access::read_token(alice);
    const std::string digest = core::access::sha256_digits(alice);
    const auto count = [&](const std::string& which) {
        return value(
            "select count(*) from generate_series(1, 20000) n cross join lateral queue_statistics.token_holds(" +
            std::to_string(claims->person) + ", " + std::to_string(claims->ends) + ", '" + claims->fingerprint +
            "', null, " + which + ") t where t.signed");
    };
    BOOST_TEST(count("overlay('" + digest + "' placing to_hex(n % 16) from n % 64 + 1)") ==
               value("select count(*) from generate_series(1, 20000) n where overlay('" + digest +
                     "' placing to_hex(n % 16) from n % 64 + 1) = '" + digest + "'"));
    BOOST_TEST(count("encode(sha256(convert_to('" + alice + "' || n, 'UTF8')), 'hex')") == "0");
}

BOOST_FIXTURE_TEST_CASE(a_login_gets_a_token_of_at_most_a_year, Tokens) {
    sql::Connection reader = test::connect(conninfo("reader"));
    const auto made = [&](const std::string& column, const std::string& minutes, const std::string& name = "alice") {
        return test::value(reader,
                           "select " + column + " from queue_statistics.login_token('" + name + "', " + minutes + ")");
    };
    BOOST_TEST(made("auth_token_expiry", "720") == "43200");
    BOOST_TEST(made("auth_token_expires - floor(extract(epoch from now()))", "525600") == "31536000");
    BOOST_TEST(state(made("auth_token", "60")).starts_with("alice "));
    for (const char* minutes : {"525601", "0", "-1", "null"}) {
        BOOST_TEST(made("auth_token", minutes) == "null", minutes);
        BOOST_TEST(made("auth_token_expiry", minutes) == "null", minutes);
    }
    BOOST_TEST(made("auth_token", "60", "nobody") == "null");
}

BOOST_FIXTURE_TEST_CASE(a_site_that_keeps_its_people_elsewhere_has_tokens_too, Tokens) {
    run(R"(create or replace function queue_statistics.credentials(username text)
        returns table (person bigint, password text, source cidr[], active boolean, login boolean, user_access smallint)
        language sql stable security definer set search_path = pg_catalog, pg_temp as
        $$ select 99::bigint, 'kept elsewhere', '{}'::cidr[], true, true, 1::smallint where username = 'carol' $$;
        create or replace function queue_statistics.username_of(person bigint) returns text
        language sql stable security definer set search_path = pg_catalog, pg_temp as
        $$ select 'carol' where person = 99 $$)");
    BOOST_TEST(state(make("carol")) == "carol 3600");
    BOOST_TEST(value("select queue_statistics.make_token('alice', 1, null)") == "null");
}

BOOST_AUTO_TEST_SUITE_END()
