#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/access/password.hpp"
#include "sql/store.hpp"
#include "tests/db/client.hpp"
#include "tests/db/database.hpp"

namespace {

/// Customers: provider 1, its reseller 2, the reseller's customer 3; another customer 4; a deleted reseller 5 and its
/// customer 6; 7 and 8, each the parent of the other. Customer N has queue N. Customer 3 also has the deleted queue 30.
class Tree : public test::Database {
  public:
    Tree() {
        run(R"(
            insert into queue_statistics.customers (id, parent, name, deleted) values
              (1, null, 'provider', false), (2, 1, 'reseller', false), (3, 2, 'customer', false),
              (4, 1, 'other', false), (5, 1, 'deleted reseller', true), (6, 5, 'orphan', false),
              (7, null, 'snake', false), (8, 7, 'tail', false);
            update queue_statistics.customers set parent = 8 where id = 7;
            insert into queue_statistics.queues (id, customer, name)
              select id, id, 'queue' from queue_statistics.customers;
            insert into queue_statistics.queues (id, customer, name, deleted) values (30, 3, 'deleted', true);
            insert into queue_statistics.roles (id, name, login) values (10, 'read-only reseller', true),
              (11, 'former reseller', true), (12, 'no privilege', true), (13, 'no log-in', false),
              (14, 'read-only user', true), (15, 'former user', true), (16, 'read-only system', true);
            insert into queue_statistics.role_privileges (role, privilege, access) values
              (10, 'user', 1), (10, 'reseller', 2), (11, 'user', 1), (11, 'reseller', 0), (13, 'user', 1),
              (14, 'user', 2), (15, 'user', 0), (16, 'user', 1), (16, 'system', 2))");
        person(100, 1, "System owner");
        person(101, 1, "Reseller");
        person(200, 2, "Reseller");
        person(201, 2, "Administrator");
        person(202, 2, "read-only reseller");
        person(203, 2, "former reseller");
        person(300, 3, "User");
        person(301, 3, "Reseller");
        person(400, 4, "User");
        person(401, 4, "read-only system");
        person(500, 5, "Reseller");
        person(600, 6, "User");
        person(700, 7, "Reseller");
        person(302, 3, "no privilege");
        person(303, 3, "no log-in");
        person(304, 3, "read-only user");
        person(305, 3, "former user");
    }

    void person(int id, int customer, const std::string& role) {
        const std::string number = std::to_string(id);
        run("insert into queue_statistics.people (id, customer, role, username, password) select " + number + ", " +
            std::to_string(customer) + ", id, 'person" + number + "', '$y$hash" + number +
            "' from queue_statistics.roles where name = '" + role + "'");
    }

    /// The queues that the person sees, in the order of their numbers.
    std::string seen_by(int person) {
        return value(
            "select coalesce(string_agg(id::text, ' ' order by id), '') from queue_statistics.queues "
            "where queue_statistics.may_see_queue(" +
            std::to_string(person) + ", id)");
    }

    std::optional<core::Credentials> credentials(const std::string& username,
                                                 const std::optional<std::string>& address = "192.0.2.1") {
        return store_.credentials(username, address);
    }

  private:
    test::Client store_{{conninfo("reader")}};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(people)

BOOST_FIXTURE_TEST_CASE(people_see_their_own_customers_queues, Tree) {
    BOOST_TEST(seen_by(300) == "3");
    BOOST_TEST(seen_by(201) == "2");
    BOOST_TEST(seen_by(400) == "4");
}

BOOST_FIXTURE_TEST_CASE(resellers_see_the_queues_below_them, Tree) {
    BOOST_TEST(seen_by(200) == "2 3");
    BOOST_TEST(seen_by(202) == "2 3");
    BOOST_TEST(seen_by(203) == "2");
    BOOST_TEST(seen_by(301) == "3");
    BOOST_TEST(seen_by(101) == "1 2 3 4");
}

BOOST_FIXTURE_TEST_CASE(the_system_privilege_sees_all_but_what_is_deleted, Tree) {
    BOOST_TEST(seen_by(100) == "1 2 3 4 7 8");
    BOOST_TEST(seen_by(401) == "1 2 3 4 7 8");
}

BOOST_FIXTURE_TEST_CASE(nobody_sees_a_deleted_customers_queues, Tree) {
    BOOST_TEST(seen_by(500) == "");
    BOOST_TEST(seen_by(600) == "");
    run("update queue_statistics.customers set deleted = true where id = 1");
    BOOST_TEST(seen_by(100) == "7 8");
    BOOST_TEST(seen_by(300) == "");
}

BOOST_FIXTURE_TEST_CASE(a_cycle_of_customers_ends_and_grants_nothing_more, Tree) {
    BOOST_TEST(seen_by(700) == "7 8");
    run("update queue_statistics.customers set parent = id where id = 4");
    BOOST_TEST(seen_by(400) == "4");
}

BOOST_FIXTURE_TEST_CASE(an_unknown_person_or_queue_is_a_no, Tree) {
    BOOST_TEST(value("select queue_statistics.may_see_queue(999, 3)") == "f");
    BOOST_TEST(value("select queue_statistics.may_see_queue(100, 999)") == "f");
    BOOST_TEST(value("select queue_statistics.may_see_queue(100, 30)") == "f");
    BOOST_TEST(value("select queue_statistics.may_see_queue(null, null)") == "f");
}

BOOST_FIXTURE_TEST_CASE(credentials_are_those_of_the_exact_name, Tree) {
    const auto found = credentials("person300");
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(found->person == 300);
    BOOST_TEST(found->password_hash == "$y$hash300");
    BOOST_TEST(found->source_allowed);
    BOOST_TEST(found->active);
    BOOST_TEST(found->login);
    BOOST_TEST(found->user_access == 1);
    for (const char* name : {"Person300", "person300 ", " person300", "person30", "person%", "' or true --", ""})
        BOOST_TEST(!credentials(name).has_value(), name);
}

BOOST_FIXTURE_TEST_CASE(letters_that_only_look_alike_are_other_people, Tree) {
    run(R"(update queue_statistics.people set username = U&'caf\00e9' where id = 300)");
    BOOST_TEST(credentials("caf\xc3\xa9").has_value());
    BOOST_TEST(!credentials("cafe\xcc\x81").has_value());
}

BOOST_FIXTURE_TEST_CASE(a_person_is_inactive_when_it_or_a_customer_above_is, Tree) {
    BOOST_TEST(!credentials("person500").value().active);
    BOOST_TEST(!credentials("person600").value().active);
    run("update queue_statistics.people set active = false where id = 300");
    BOOST_TEST(!credentials("person300").value().active);
    BOOST_TEST(credentials("person304").value().active);
    BOOST_TEST(credentials("person700").value().active);
}

BOOST_FIXTURE_TEST_CASE(the_roles_access_is_told_as_it_is_stored, Tree) {
    BOOST_TEST(credentials("person302").value().user_access == 0);
    BOOST_TEST(credentials("person304").value().user_access == 2);
    BOOST_TEST(credentials("person305").value().user_access == 0);
    BOOST_TEST(!credentials("person303").value().login);
}

BOOST_FIXTURE_TEST_CASE(an_address_must_lie_in_one_of_the_networks, Tree) {
    run("update queue_statistics.people set source = '{192.0.2.0/24,2001:db8::/32}' where id = 300");
    const auto allowed = [this](const std::optional<std::string>& address) {
        return credentials("person300", address).value().source_allowed;
    };
    BOOST_TEST(allowed("192.0.2.0"));
    BOOST_TEST(allowed("192.0.2.255"));
    BOOST_TEST(allowed("2001:db8::1"));
    BOOST_TEST(!allowed("192.0.3.0"));
    BOOST_TEST(!allowed("2001:db9::1"));
    BOOST_TEST(!allowed(std::nullopt));
    BOOST_TEST(credentials("person304", std::nullopt).value().source_allowed);
}

BOOST_FIXTURE_TEST_CASE(what_a_sites_own_function_leaves_null_is_a_no, Tree) {
    run(R"(create or replace function queue_statistics.credentials(username text)
        returns table (person bigint, password text, source cidr[], active boolean, login boolean, user_access smallint)
        language sql stable security definer set search_path = pg_catalog, pg_temp
        as $$ select 7::bigint, null::text, null::cidr[], null::boolean, null::boolean, null::smallint $$)");
    const auto found = credentials("anyone");
    BOOST_TEST(found.value().password_hash == "");
    BOOST_TEST(!found->source_allowed);
    BOOST_TEST(!found->active);
    BOOST_TEST(!found->login);
    BOOST_TEST(found->user_access == 0);
}

/// The database judges hashes for `status`, the responder for a login: both alike.
BOOST_AUTO_TEST_CASE(the_database_accepts_the_hashes_that_the_responder_accepts) {
    const std::string salt = "$saltsaltsaltsalt$";
    const std::string digits43(43, 'a');
    const std::string digits86(86, 'z');
    std::vector<std::string> hashes{"", "*", "!", "*0", "x", "abNANd1rDfiNc", "$1$ab$dslkcXxVH.x8LwW1W/oAB/"};
    const std::vector<std::string> good{"$y$j75" + salt + digits43,
                                        "$y$jBT" + salt + digits43,
                                        "$7$CU..../...." + std::string{"salt$"} + digits43,
                                        "$2b$12$" + std::string(53, 'a'),
                                        "$5$rounds=1000" + salt + digits43,
                                        "$6$rounds=500000" + salt + digits86,
                                        "$6$" + std::string{"ab+c=d-e$"} + digits86};
    constexpr std::string_view kOthers = " \n!\"#$%&'()*+,-./0123456789:;<=>?@ABCXYZ[\\]^_`abhijklyz{|}~\x7F";
    for (const std::string& hash : good) {
        hashes.push_back(hash);
        BOOST_TEST(core::access::is_acceptable_hash(hash), hash);
        for (std::size_t i = 0; i < hash.size(); ++i) {
            hashes.push_back(hash.substr(0, i));
            hashes.push_back(hash.substr(0, i) + hash.substr(i + 1));
            if (i > 24 && i + 2 < hash.size()) continue;
            for (const char other : kOthers) {
                hashes.push_back(hash.substr(0, i) + other + hash.substr(i + 1));
                hashes.push_back(hash.substr(0, i) + other + hash.substr(i));
            }
        }
        hashes.push_back(hash + "a");
        hashes.push_back("\u00e9" + hash);
    }
    for (const char* parameters : {"zzzzz/....", "/....zzzzz", "..........", "........./", "U..../....", "U....0...."})
        for (const char n : kOthers) hashes.push_back(std::string{"$7$"} + n + parameters + "salt$" + digits43);
    for (const char* rounds : {"999", "500001", "0500", "-5000", "18446744073709551617", "", "1000000", "99999"})
        hashes.push_back(std::string{"$5$rounds="} + rounds + salt + digits43);
    for (const std::size_t bytes : {0U, 1U, 16U, 17U, 86U, 87U})
        for (const char* scheme : {"$y$j9T$", "$7$CU..../....", "$5$", "$6$"})
            for (const std::string& digits : {digits43, digits86})
                hashes.push_back(scheme + std::string(bytes, 's') + "$" + digits);

    const test::Database database;
    sql::Connection owner = test::connect(database.conninfo());
    constexpr sql::Statement kJudge{"judge", "select queue_statistics.is_acceptable_hash($1)"};
    for (const std::string& hash : hashes) {
        const bool accepted = owner.query(kJudge, {hash}, sql::kNoDeadline).boolean(0, 0);
        BOOST_TEST(accepted == core::access::is_acceptable_hash(hash), hash);
    }
}

BOOST_AUTO_TEST_SUITE_END()
