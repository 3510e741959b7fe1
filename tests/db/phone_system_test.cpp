#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <optional>
#include <string>

#include "sql/grant.hpp"
#include "tests/db/database.hpp"

namespace {

const auto kIgnore = [](std::string_view) {};

/// Two customers, of whom 3 is below 2, each with a queue of the customer's name; `one` and `two` both have `shared`.
class Phones : public test::Database {
  public:
    Phones() {
        run(R"(insert into queue_statistics.customers (id, parent, name)
               values (1, null, 'one'), (2, null, 'two'), (3, 2, 'below two');
               insert into queue_statistics.queues (id, customer, name)
               values (1, 1, 'one'), (2, 2, 'two'), (3, 3, 'below'), (4, 1, 'shared'), (5, 2, 'shared'))");
    }

    /// Makes a login role, which is dropped at the end, and binds it.
    void add(const std::string& role, const sql::PhoneSystem& to = {}) {
        test::as_superuser("create role \"" + role + "\" login");
        roles_.push_back(role);
        bind(role, to);
    }
    void bind(const std::string& role, const sql::PhoneSystem& to = {}) {
        sql::grant(owner(), sql::Grant::kPhoneSystem, role, sql::kNoDeadline, kIgnore, to);
    }
    void add_login(const std::string& role) {
        test::as_superuser("create role \"" + role + "\" login");
        roles_.push_back(role);
    }
    void rename(const std::string& from, const std::string& to) {
        test::as_superuser("alter role " + from + " rename to \"" + to + "\"");
        roles_.push_back(to);
    }
    ~Phones() {
        for (const auto& role : roles_) {
            try {
                test::connect(conninfo("postgres")).script("drop owned by \"" + role + "\"", sql::kNoDeadline);
                test::as_superuser("drop role \"" + role + "\"");
            } catch (const sql::Failure&) {  // it has another name now
            }
        }
    }

    /// The SQLSTATE that a role gets for a row of queue_log.
    std::string insert(const std::string& role, const std::string& callid, const std::string& queue,
                       const std::string& event = "ENTERQUEUE", const std::string& time = "1700000000",
                       const std::string& before = "") {
        sql::Connection connection = test::connect(conninfo(role));
        if (!before.empty()) connection.script(before, sql::kNoDeadline);
        return test::sqlstate_of([&] {
            connection.script(
                "insert into queue_statistics.queue_log (time, callid, queuename, agent, event,"
                " data1, data2, data3) values ('" +
                    time + "', '" + callid + "', '" + queue + "', 'SIP/1', '" + event + "', '1', '10', '1')",
                sql::kNoDeadline);
        });
    }
    std::string sources() {
        return value("select string_agg(distinct source, ' ' order by source) from queue_statistics.queue_log");
    }
    /// callid in queue, for each caller.
    std::string callers() {
        return value(
            "select coalesce(string_agg(c.uniqueid || ' in ' || c.queue, ', ' order by c.uniqueid), '')"
            "  from queue_statistics.queue_calls c");
    }
    std::string problems() {
        return value(
            "select coalesce(string_agg(source || ': ' || problem || ': ' || event, ', '), '')"
            "  from queue_statistics.event_problems");
    }
    std::string waiting() {
        return value(
            "select coalesce(string_agg(queue_name || ' ' || coalesce(customer::text, '-'), ', '), '')"
            "  from queue_statistics.unmapped_queues");
    }
    void follow() { run("do $$ begin while queue_statistics.resolve_step(2) = 'more' loop null; end loop; end $$"); }

  private:
    std::vector<std::string> roles_;
};

constexpr const char* kForeign = "the queue is of a customer that the role may not write for, which is bound to 2";

}  // namespace

BOOST_AUTO_TEST_SUITE(phone_systems)

BOOST_FIXTURE_TEST_CASE(a_role_writes_events_of_its_own_source, Phones) {
    add("pbx1", {.source = "first"});
    add("pbx2");
    BOOST_TEST(insert("pbx1", "c.1", "one") == "");
    BOOST_TEST(insert("pbx2", "c.1", "one") == "");
    BOOST_TEST(sources() == "asterisk first");
    BOOST_TEST(callers() == "c.1 in 1, c.1 in 1");
    BOOST_TEST(insert("pbx2", "NONE", "NONE", "QUEUESTART", "1700000100") == "");
    BOOST_TEST(value("select string_agg(e.source || ' ' || c.outcome, ', ' order by e.source)"
                     "  from queue_statistics.queue_calls c join queue_statistics.phone_events e on e.caller = c.id") ==
               "asterisk other, first waiting");
    sql::Connection pbx2 = test::connect(conninfo("pbx2"));
    pbx2.script("insert into queue_statistics.freeswitch_events (event) values ('x')", sql::kNoDeadline);
    BOOST_TEST(value("select source from queue_statistics.freeswitch_events") == "freeswitch");
}

BOOST_FIXTURE_TEST_CASE(a_role_names_no_source_of_another, Phones) {
    add("pbx1", {.source = "first"});
    for (const char* text : {"insert into queue_statistics.queue_log (source, event) values ('second', 'QUEUESTART')",
                             "copy queue_statistics.queue_log (source, event) from stdin",
                             "update queue_statistics.queue_log set source = 'second'"}) {
        sql::Connection pbx1 = test::connect(conninfo("pbx1"));
        BOOST_TEST(test::sqlstate_of([&] { pbx1.script(text, sql::kNoDeadline); }) == "42501", text);
    }
    // Not even where somebody gave it the whole table, or by a setting that meant something elsewhere.
    run("grant insert on queue_statistics.queue_log to pbx1");
    sql::Connection pbx1 = test::connect(conninfo("pbx1"));
    pbx1.script(
        "set queue_statistics.source = 'second';"
        "insert into queue_statistics.queue_log (source, time, callid, queuename, event)"
        "  values ('second', '1700000000', 'c.1', 'one', 'ENTERQUEUE')",
        sql::kNoDeadline);
    BOOST_TEST(value("select source from queue_statistics.phone_events") == "first");
}

BOOST_FIXTURE_TEST_CASE(the_owner_and_superusers_are_unbound, Phones) {
    for (const char* role : {"owner", "postgres"}) {
        sql::Connection connection = test::connect(conninfo(role));
        connection.script(std::string{"insert into queue_statistics.queue_log (source, event) values ('"} + role +
                              "', 'PAUSE'); insert into queue_statistics.queue_log (event) values ('PAUSE')",
                          sql::kNoDeadline);
    }
    BOOST_TEST(sources() == "asterisk owner postgres");
    add("pbx1", {.source = "first"});
    test::as_superuser("alter role pbx1 superuser");
    BOOST_TEST(insert("pbx1", "c.1", "one") == "");
    BOOST_TEST(sources() == "asterisk owner postgres");
}

BOOST_FIXTURE_TEST_CASE(a_role_bound_to_a_customer_writes_for_its_queues_and_those_below, Phones) {
    add("pbx2", {.source = "second", .customer = 2});
    BOOST_TEST(insert("pbx2", "c.1", "two") == "");
    BOOST_TEST(insert("pbx2", "c.2", "below") == "");
    BOOST_TEST(insert("pbx2", "c.3", "shared") == "");  // two customers have one: it means its own
    BOOST_TEST(callers() == "c.1 in 2, c.2 in 3, c.3 in 5");
    BOOST_TEST(problems() == "");
    BOOST_TEST(insert("pbx2", "c.4", "one") == "");
    BOOST_TEST(callers() == "c.1 in 2, c.2 in 3, c.3 in 5");
    BOOST_TEST(problems() == "second: " + std::string{kForeign} + ": 1700000000|c.4|one|SIP/1|ENTERQUEUE|1|10|1");
    BOOST_TEST(waiting() == "");
}

BOOST_FIXTURE_TEST_CASE(a_role_bound_to_a_customer_changes_no_call_of_others_under_its_source, Phones) {
    run("insert into queue_statistics.map_queues values ('shared', 4)");
    add("pbx1");
    add("pbx2", {.customer = 2});
    BOOST_TEST(insert("pbx1", "c.1", "one", "CONNECT") == "");
    BOOST_TEST(insert("pbx1", "c.2", "shared", "CONNECT") == "");
    BOOST_TEST(insert("pbx2", "c.1", "one", "COMPLETEAGENT", "1700000010") == "");
    BOOST_TEST(insert("pbx2", "c.2", "shared", "COMPLETEAGENT", "1700000010") == "");
    BOOST_TEST(value("select string_agg(uniqueid || ' ' || in_progress, ', ' order by uniqueid)"
                     "  from queue_statistics.queue_destination_calls") == "c.1 true, c.2 true");
    BOOST_TEST(value("select count(*) from queue_statistics.event_problems") == "2");
}

BOOST_FIXTURE_TEST_CASE(an_event_of_a_queue_that_is_nobodys_yet_waits_for_the_customers_own, Phones) {
    add("pbx2", {.source = "second", .customer = 2});
    BOOST_TEST(insert("pbx2", "c.1", "new") == "");
    BOOST_TEST(waiting() == "new 2");
    run("insert into queue_statistics.queues (id, customer, name) values (6, 1, 'new')");
    follow();
    BOOST_TEST(callers() == "");
    BOOST_TEST(waiting() == "new 2");
    run("insert into queue_statistics.map_queues values ('new', 6)");
    follow();
    BOOST_TEST(callers() == "");
    run("insert into queue_statistics.queues (id, customer, name) values (7, 3, 'new')");
    follow();
    BOOST_TEST(callers() == "c.1 in 7");
    BOOST_TEST(waiting() == "");
}

BOOST_FIXTURE_TEST_CASE(a_mapping_counts_for_a_customers_role_where_the_queue_is_its_own, Phones) {
    add("pbx2", {.source = "second", .customer = 2});
    run("insert into queue_statistics.map_queues values ('sales', 3), ('two', 1), ('below', null)");
    BOOST_TEST(insert("pbx2", "c.1", "sales") == "");
    BOOST_TEST(insert("pbx2", "c.2", "two") == "");
    BOOST_TEST(insert("pbx2", "c.3", "below") == "");
    BOOST_TEST(callers() == "c.1 in 3, c.2 in 2, c.3 in 3");
    run("insert into queue_statistics.map_queues values ('one', null)");
    BOOST_TEST(insert("pbx2", "c.4", "one") == "");  // nobody's: left out, as for every role
    BOOST_TEST(problems() == "");
    BOOST_TEST(waiting() == "");
}

BOOST_FIXTURE_TEST_CASE(a_kept_event_stays_with_the_customer, Phones) {
    add("pbx2", {.source = "second", .customer = 2});
    BOOST_TEST(insert("pbx2", "c.1", "shared", "ENTERQUEUE", "1700000000",
                      "set default_transaction_isolation = 'repeatable read';") == "");
    BOOST_TEST(value("select reason from queue_statistics.kept_events") == "the isolation level was repeatable read");
    run("select queue_statistics.fold_kept(10)");
    BOOST_TEST(callers() == "c.1 in 5");
}

BOOST_FIXTURE_TEST_CASE(a_customer_who_moves_below_brings_the_queues_along, Phones) {
    add("pbx2", {.source = "second", .customer = 2});
    run("update queue_statistics.queues set deleted = true where id = 1");
    BOOST_TEST(insert("pbx2", "c.1", "one") == "");
    BOOST_TEST(waiting() == "one 2");
    run("update queue_statistics.queues set deleted = false where id = 1");
    follow();
    BOOST_TEST(callers() == "");
    run("update queue_statistics.customers set parent = 3 where id = 1");
    follow();
    BOOST_TEST(callers() == "c.1 in 1");
}

BOOST_FIXTURE_TEST_CASE(the_time_zone_is_that_of_the_table, Phones) {
    add("pbx1", {.timezone = "europe/berlin"});
    const auto entered = [this](const std::string& time) {
        static int n = 0;
        const std::string callid = "t." + std::to_string(++n);
        BOOST_TEST(insert("pbx1", callid, "one", "ENTERQUEUE", time, "set timezone = 'Asia/Tokyo';") == "");
        return value("select entered at time zone 'UTC' from queue_statistics.queue_calls where uniqueid = '" + callid +
                     "'");
    };
    BOOST_TEST(value("select timezone from queue_statistics.phone_system_roles where role = 'pbx1'::regrole") ==
               "Europe/Berlin");
    BOOST_TEST(entered("2026-01-15 12:00:00.5") == "2026-01-15 11:00:00");
    BOOST_TEST(entered("2026-07-15 12:00:00") == "2026-07-15 10:00:00");
    BOOST_TEST(entered("2026-03-29 01:59:59") == "2026-03-29 00:59:59");
    BOOST_TEST(entered("2026-03-29 03:00:00") == "2026-03-29 01:00:00");
    BOOST_TEST(entered("2026-07-15 12:00:00+09") == "2026-07-15 03:00:00");
    BOOST_TEST(entered("1700000000") == "2023-11-14 22:13:20");
    // A server that does not know the zone loses no row.
    run("update queue_statistics.phone_system_roles set timezone = 'Nowhere/Else' where role = 'pbx1'::regrole");
    BOOST_TEST(entered("2026-01-15 12:00:00") == "none");
    BOOST_TEST(problems() == "asterisk: the time cannot be read: 2026-01-15 12:00:00|t.7|one|SIP/1|ENTERQUEUE|1|10|1");
    // Without one, it is that of the session.
    run("update queue_statistics.phone_system_roles set timezone = null where role = 'pbx1'::regrole");
    BOOST_TEST(entered("2026-01-15 12:00:00") == "2026-01-15 03:00:00");
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_bound_is_refused, Phones) {
    const auto refused = [this](const sql::PhoneSystem& to) {
        return test::sqlstate_of([&] { bind("phone_system", to); });
    };
    for (const char* zone : {"Nowhere/Else", "", "CET", "cest", "+01"})
        BOOST_TEST(refused({.timezone = zone}) == "22023");
    BOOST_TEST(refused({.customer = 77}) == "23503");
    for (const char* zone : {"UTC", "gmt", "Etc/GMT+5", "America/Argentina/Buenos_Aires"})
        BOOST_TEST(refused({.timezone = zone}) == "");
}

BOOST_FIXTURE_TEST_CASE(a_grant_changes_what_it_names_alone, Phones) {
    const auto bound = [this] {
        return value(
            "select concat_ws(' ', source, customer, timezone) from queue_statistics.phone_system_roles"
            " where role = 'pbx1'::regrole");
    };
    add("pbx1", {.source = "first", .customer = 2, .timezone = "UTC"});
    bind("pbx1");
    BOOST_TEST(bound() == "first 2 UTC");
    bind("pbx1", {.customer = 1});
    BOOST_TEST(bound() == "first 1 UTC");
    bind("pbx1", {.any_customer = true, .timezone = "Asia/Tokyo"});
    BOOST_TEST(bound() == "first Asia/Tokyo");
}

BOOST_FIXTURE_TEST_CASE(a_member_writes_as_the_one_role_that_it_is_a_member_of, Phones) {
    add("pbx1", {.source = "first", .customer = 2});
    add("pbx2", {.source = "second"});
    add_login("app");
    test::as_superuser("grant pbx1 to app");
    BOOST_TEST(insert("app", "c.1", "two") == "");
    BOOST_TEST(sources() == "first");
    BOOST_TEST(insert("app", "c.2", "one") == "");
    BOOST_TEST(callers() == "c.1 in 2");
    // The session's role counts, whatever role it has taken.
    test::as_superuser("grant pbx2 to pbx1");
    BOOST_TEST(insert("pbx1", "c.3", "two", "ENTERQUEUE", "1700000000", "set role pbx2;") == "");
    BOOST_TEST(sources() == "first");
    test::as_superuser("revoke pbx2 from pbx1");
    // Of two it could be either.
    test::as_superuser("grant pbx2 to app");
    BOOST_TEST(insert("app", "c.4", "two") == "42501");
    bind("app", {.source = "third"});
    BOOST_TEST(insert("app", "c.5", "two") == "");
    BOOST_TEST(sources() == "first third");
}

BOOST_FIXTURE_TEST_CASE(a_role_that_is_bound_to_nothing_is_refused, Phones) {
    add_login("app");
    run("grant usage on schema queue_statistics to app; grant insert on queue_statistics.queue_log to app");
    BOOST_TEST(insert("app", "c.1", "one") == "42501");
    run("grant execute on function queue_statistics.phone_system_source() to app");
    BOOST_TEST(insert("app", "c.1", "one") == "42501");
    run("grant select on queue_statistics.queue_log to app");
    sql::Connection app = test::connect(conninfo("app"));
    BOOST_TEST(test::sqlstate_of([&] {
                   app.script("insert into queue_statistics.queue_log (source, event) values ('x', 'PAUSE')",
                              sql::kNoDeadline);
               }) == "42501");
}

BOOST_FIXTURE_TEST_CASE(a_role_keeps_its_binding_under_another_name, Phones) {
    add("pbx1", {.source = "first"});
    rename("pbx1", "PBX one");
    BOOST_TEST(insert("'PBX one'", "c.1", "one") == "");
    BOOST_TEST(sources() == "first");
}

BOOST_FIXTURE_TEST_CASE(addresses_are_noted_once_an_hour, Phones) {
    add("pbx1", {.source = "first"});
    const auto noted = [this] {
        return value(
            "select string_agg(role || ' ' || source || ' ' || address || ' ' || (seen > now() - interval '1 minute'),"
            " ', ') from queue_statistics.phone_system_addresses");
    };
    BOOST_TEST(insert("pbx1", "c.1", "one") == "");
    BOOST_TEST(noted() == "pbx1 first local true");
    run("update queue_statistics.phone_system_addresses set seen = now() - interval '61 minutes'");
    BOOST_TEST(insert("pbx1", "c.2", "one") == "");  // another session
    BOOST_TEST(noted() == "pbx1 first local true");
    run("insert into queue_statistics.phone_system_addresses values ('pbx1'::regrole, 'first', '192.0.2.1',"
        " now() - interval '31 days')");
    BOOST_TEST(insert("pbx1", "c.3", "one") == "");
    BOOST_TEST(noted() == "pbx1 first local true");
    // An open transaction that notes holds nobody up.
    sql::Connection first = test::connect(conninfo("pbx1"));
    run("delete from queue_statistics.phone_system_addresses");
    first.script("begin; insert into queue_statistics.queue_log (event) values ('PAUSE')", sql::kNoDeadline);
    BOOST_TEST(insert("pbx1", "c.4", "one", "PAUSE", "1700000000", "set statement_timeout = 90;") == "");
}

BOOST_AUTO_TEST_SUITE_END()
