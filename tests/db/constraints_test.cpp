#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/db/database.hpp"

namespace {

// The SQLSTATEs of refused values.
const std::string kNull = "23502";
const std::string kForeignKey = "23503";
const std::string kUnique = "23505";
const std::string kCheck = "23514";
const std::string kEnum = "22P02";

/// Customer 1 with person 1, queue 1 with destination 1, and queue 2 with destination 2. No calls.
class Stock : public test::Database {
  public:
    Stock() {
        run(R"(
            insert into queue_statistics.customers (name) values ('c');
            insert into queue_statistics.roles (id, name) values (100, 'r');
            insert into queue_statistics.people (customer, role, username, password) values (1, 100, 'p', '*');
            insert into queue_statistics.queues (customer, name) values (1, 'q'), (1, 'r');
            insert into queue_statistics.queue_destinations (queue, dtype, dnumber)
            values (1, 'phone', '1'), (2, 'phone', '1'))");
    }

    /// As in Database, but gives 23503 for 23001, which PostgreSQL 18 reports for `restrict`.
    std::string sqlstate(const std::string& text) {
        const std::string state = test::Database::sqlstate(text);
        return state == "23001" ? kForeignKey : state;
    }

    /// The SQLSTATE of inserting one row.
    std::string insert(const std::string& table, const std::string& columns, const std::string& values) {
        return sqlstate("insert into queue_statistics." + table + " (" + columns + ") values (" + values + ")");
    }

    /// The SQLSTATE of inserting a call. times_and_outcome: ringtime, holdtime, talktime, outcome, in_progress.
    std::string call(const std::string& times_and_outcome) {
        return insert("queue_destination_calls",
                      "queue, destination, uniqueid, start, ringtime, holdtime, talktime, outcome, in_progress",
                      "1, 1, 'u', now(), " + times_and_outcome);
    }

    std::string call_at(const std::string& start) {
        return insert("queue_destination_calls", "queue, destination, uniqueid, start, outcome",
                      "1, 1, 'u', " + start + ", 'busy'");
    }

    /// The SQLSTATE of inserting a caller. times_and_outcome: waittime, talktime, outcome, in_progress.
    std::string caller(const std::string& times_and_outcome) {
        return insert("queue_calls", "queue, uniqueid, entered, waittime, talktime, outcome, in_progress",
                      "1, 'u', now(), " + times_and_outcome);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(constraints)

BOOST_FIXTURE_TEST_CASE(calls_times_belong_to_their_outcome, Stock) {
    BOOST_TEST(call("3, 4, 5, 'answered', false") == "");
    BOOST_TEST(call("0, 0, 0, 'answered', false") == "");
    BOOST_TEST(call("3, 4, null, 'answered', true") == "");
    BOOST_TEST(call("null, null, null, 'answered', false") == "");
    BOOST_TEST(call("3, 4, 5, 'answered', true") == kCheck);
    for (const char* outcome : {"no_answer", "cancelled", "answered_elsewhere", "failed"}) {
        const std::string rest = std::string{", '"} + outcome + "', ";
        BOOST_TEST(call("3, null, null" + rest + "false") == "", outcome);
        BOOST_TEST(call("null, null, null" + rest + "false") == "", outcome);
        BOOST_TEST(call("3, 4, null" + rest + "false") == kCheck, outcome);
        BOOST_TEST(call("3, null, 5" + rest + "false") == kCheck, outcome);
        BOOST_TEST(call("3, null, null" + rest + "true") == kCheck, outcome);
    }
    BOOST_TEST(call("null, null, null, 'busy', false") == "");
    BOOST_TEST(call("0, null, null, 'busy', false") == kCheck);
    BOOST_TEST(call("null, null, null, 'Busy', false") == kEnum);
    BOOST_TEST(call("null, null, null, null, false") == kNull);
    BOOST_TEST(call("null, null, null, 'busy', null") == kNull);
    for (const char* negative : {"-1, 4, 5", "3, -1, 5", "3, 4, -1"})
        BOOST_TEST(call(std::string{negative} + ", 'answered', false") == kCheck, negative);
}

BOOST_FIXTURE_TEST_CASE(a_callers_times_belong_to_the_outcome, Stock) {
    BOOST_TEST(caller("4, 5, 'answered', false") == "");
    BOOST_TEST(caller("0, 0, 'answered', false") == "");
    BOOST_TEST(caller("4, null, 'answered', true") == "");
    BOOST_TEST(caller("null, null, 'answered', false") == "");
    BOOST_TEST(caller("4, 5, 'answered', true") == kCheck);
    for (const char* outcome : {"abandoned", "timeout", "key", "empty", "other", "waiting", "refused"}) {
        const bool waited = std::string{outcome} != "waiting" && std::string{outcome} != "refused";
        const std::string rest = std::string{", '"} + outcome + "', ";
        BOOST_TEST(caller("null, null" + rest + "false") == "", outcome);
        BOOST_TEST(caller("4, null" + rest + "false") == (waited ? "" : kCheck), outcome);
        BOOST_TEST(caller("null, 5" + rest + "false") == kCheck, outcome);
        BOOST_TEST(caller("null, null" + rest + "true") == kCheck, outcome);
    }
    BOOST_TEST(caller("4, null, 'Abandoned', false") == kEnum);
    BOOST_TEST(caller("4, null, null, false") == kNull);
    BOOST_TEST(caller("4, null, 'abandoned', null") == kNull);
    for (const char* negative : {"-1, 5", "4, -1"})
        BOOST_TEST(caller(std::string{negative} + ", 'answered', false") == kCheck, negative);
}

BOOST_FIXTURE_TEST_CASE(a_caller_enters_a_queue_in_1970_to_9999, Stock) {
    const auto enters = [this](const std::string& queue, const std::string& entered) {
        return insert("queue_calls", "queue, uniqueid, entered, outcome", queue + ", 'u', " + entered + ", 'waiting'");
    };
    BOOST_TEST(enters("1", "'1970-01-01 00:00:00+00'") == "");
    BOOST_TEST(enters("1", "'9999-12-31 23:59:59.999999+00'") == "");
    BOOST_TEST(enters("1", "'1969-12-31 23:59:59.999999+00'") == kCheck);
    BOOST_TEST(enters("1", "'10000-01-01 00:00:00+00'") == kCheck);
    BOOST_TEST(enters("1", "'infinity'") == kCheck);
    BOOST_TEST(enters("1", "'-infinity'") == kCheck);
    BOOST_TEST(enters("1", "null") == kNull);
    BOOST_TEST(enters("9", "now()") == kForeignKey);
    BOOST_TEST(enters("null", "now()") == kNull);
    BOOST_TEST(sqlstate("delete from queue_statistics.queues where id = 1") == kForeignKey);
}

BOOST_FIXTURE_TEST_CASE(a_calls_start_is_finite_and_in_1970_to_9999, Stock) {
    BOOST_TEST(call_at("'1970-01-01 00:00:00+00'") == "");
    BOOST_TEST(call_at("'9999-12-31 23:59:59.999999+00'") == "");
    BOOST_TEST(call_at("'1969-12-31 23:59:59.999999+00'") == kCheck);
    BOOST_TEST(call_at("'10000-01-01 00:00:00+00'") == kCheck);
    BOOST_TEST(call_at("'infinity'") == kCheck);
    BOOST_TEST(call_at("'-infinity'") == kCheck);
    BOOST_TEST(call_at("null") == kNull);
}

BOOST_FIXTURE_TEST_CASE(a_call_goes_to_a_destination_of_its_own_queue, Stock) {
    const auto call_to = [this](const std::string& queue_and_destination) {
        return insert("queue_destination_calls", "queue, destination, uniqueid, start, outcome",
                      queue_and_destination + ", 'u', now(), 'busy'");
    };
    BOOST_TEST(call_to("1, 1") == "");
    BOOST_TEST(call_to("1, 2") == kForeignKey);
    BOOST_TEST(call_to("1, 9") == kForeignKey);
    BOOST_TEST(call_to("9, 1") == kForeignKey);
    BOOST_TEST(call_to("null, 1") == kNull);
    BOOST_TEST(call_to("1, null") == kNull);
}

BOOST_FIXTURE_TEST_CASE(what_is_referred_to_stays, Stock) {
    run("insert into queue_statistics.queue_destination_calls (queue, destination, uniqueid, start, outcome) "
        "values (1, 1, 'u', now(), 'busy')");
    const std::string schema = "queue_statistics.";
    BOOST_TEST(sqlstate("delete from " + schema + "queue_destinations where id = 1") == kForeignKey);
    BOOST_TEST(sqlstate("update " + schema + "queue_destinations set queue = 2, dnumber = '2' where id = 1") ==
               kForeignKey);
    BOOST_TEST(sqlstate("delete from " + schema + "queues where id = 1") == kForeignKey);
    BOOST_TEST(sqlstate("delete from " + schema + "customers where id = 1") == kForeignKey);
    BOOST_TEST(sqlstate("delete from " + schema + "roles where id = 100") == kForeignKey);
    BOOST_TEST(sqlstate("delete from " + schema + "roles where name = 'User'") == kForeignKey);
    BOOST_TEST(sqlstate("delete from " + schema + "queue_destinations where id = 2") == "");
}

BOOST_FIXTURE_TEST_CASE(a_writers_own_functions_hide_no_late_call, Stock) {
    run(R"(create function public.to_timestamp(bigint) returns timestamptz language sql
             as 'select pg_catalog.to_timestamp($1 / 1000.0)';
           select setval('queue_statistics.rollup_seal', 29000000);
           set search_path = public, pg_catalog;
           insert into queue_statistics.queue_destination_calls (queue, destination, uniqueid, start, outcome)
             values (1, 1, 'u', '2025-02-19 00:00:00+00', 'busy');
           insert into queue_statistics.queue_calls (queue, uniqueid, entered, outcome)
             values (2, 'u', '2025-02-19 00:01:00+00', 'waiting');
           reset search_path)");
    BOOST_TEST(value("select string_agg(queue || ' ' || minute, ', ' order by queue) "
                     "from queue_statistics.rollup_dirty") == "1 28998720, 2 28998721");
}

BOOST_FIXTURE_TEST_CASE(names_are_unique_where_they_must_be, Stock) {
    BOOST_TEST(insert("people", "customer, role, username, password", "1, 100, 'p', '*'") == kUnique);
    BOOST_TEST(insert("people", "customer, role, username, password", "1, 100, 'P', '*'") == "");
    BOOST_TEST(insert("queues", "customer, name", "1, 'q'") == kUnique);
    BOOST_TEST(insert("queues", "customer, name, deleted", "1, 'q', true") == "");
    BOOST_TEST(sqlstate("update queue_statistics.queues set deleted = false where deleted") == kUnique);
    BOOST_TEST(insert("queue_destinations", "queue, dtype, dnumber", "1, 'phone', '1'") == kUnique);
    BOOST_TEST(insert("queue_destinations", "queue, dtype, dnumber, removed", "1, 'phone', '1', now()") == kUnique);
    BOOST_TEST(insert("queue_destinations", "queue, dtype, dnumber", "1, 'peer', '1'") == "");
    BOOST_TEST(insert("queue_destinations", "id, queue, dtype, dnumber", "2, 1, 'phone', '2'") == kUnique);
    BOOST_TEST(insert("role_privileges", "role, privilege, access", "100, 'user', 1") == "");
    BOOST_TEST(insert("role_privileges", "role, privilege, access", "100, 'user', 2") == kUnique);
}

BOOST_FIXTURE_TEST_CASE(texts_are_bounded_and_destinations_are_not_empty, Stock) {
    const auto username = [this](const std::string& text) {
        return insert("people", "customer, role, username, password", "1, 100, " + text + ", '*'");
    };
    BOOST_TEST(username("''") == kCheck);
    BOOST_TEST(username("repeat('x', 255)") == "");
    BOOST_TEST(username("repeat('x', 256)") == kCheck);
    BOOST_TEST(username("repeat(chr(233), 128)") == kCheck);  // 256 bytes
    BOOST_TEST(username("null") == kNull);
    BOOST_TEST(insert("queue_destinations", "queue, dtype, dnumber", "1, '', '1'") == kCheck);
    BOOST_TEST(insert("queue_destinations", "queue, dtype, dnumber", "1, 'phone', ''") == kCheck);
    BOOST_TEST(insert("queue_destinations", "queue, dtype, dnumber", R"(1, ' ', E'"\\\x01\U0001F600')") == "");
    BOOST_TEST(insert("customers", "name", "''") == kCheck);
    BOOST_TEST(insert("customers", "name", "repeat('x', 256)") == kCheck);
    BOOST_TEST(insert("queues", "customer, name", "1, ''") == kCheck);
}

BOOST_FIXTURE_TEST_CASE(access_is_none_full_or_read_only, Stock) {
    for (const char* access : {"0", "1", "2"})
        BOOST_TEST(insert("role_privileges", "role, privilege, access",
                          std::string{"100, 'privilege "} + access + "', " + access) == "",
                   access);
    BOOST_TEST(insert("role_privileges", "role, privilege, access", "100, 'user', 3") == kCheck);
    BOOST_TEST(insert("role_privileges", "role, privilege, access", "100, 'user', -1") == kCheck);
}

BOOST_FIXTURE_TEST_CASE(sources_are_networks, Stock) {
    const auto source = [this](const std::string& text) {
        return sqlstate("update queue_statistics.people set source = " + text);
    };
    BOOST_TEST(source("'{192.0.2.0/24,2001:db8::/32,192.0.2.1}'") == "");
    BOOST_TEST(source("'{}'") == "");
    BOOST_TEST(source("'{null}'") == kCheck);
    BOOST_TEST(source("null") == kNull);
    BOOST_TEST(source("'{192.0.2.1/24}'") == "22P02");
}

BOOST_FIXTURE_TEST_CASE(the_defaults_are_the_usual_case, Stock) {
    BOOST_TEST(value("select not deleted and parent is null from queue_statistics.customers") == "t");
    BOOST_TEST(value("select login from queue_statistics.roles where id = 100") == "t");
    BOOST_TEST(value("select source = '{}' and active from queue_statistics.people") == "t");
    BOOST_TEST(value("select not deleted from queue_statistics.queues where id = 1") == "t");
    BOOST_TEST(value("select available and priority = 0 and removed is null from queue_statistics.queue_destinations "
                     "where id = 1") == "t");
    BOOST_TEST(call_at("now()") == "");
    BOOST_TEST(value("select not in_progress and ringtime is null and holdtime is null and talktime is null "
                     "from queue_statistics.queue_destination_calls") == "t");
}

BOOST_FIXTURE_TEST_CASE(ids_are_positive, Stock) {
    BOOST_TEST(insert("customers", "id, name", "0, 'c'") == kCheck);
    BOOST_TEST(insert("queues", "id, customer, name", "-1, 1, 'x'") == kCheck);
    BOOST_TEST(insert("queue_destinations", "id, queue, dtype, dnumber", "0, 1, 'phone', '9'") == kCheck);
    BOOST_TEST(insert("queues", "id, customer, name", "9223372036854775807, 1, 'last'") == "");
}

BOOST_FIXTURE_TEST_CASE(four_roles_are_seeded_and_no_person, Stock) {
    run("delete from queue_statistics.people; delete from queue_statistics.roles where id = 100");
    BOOST_TEST(value(R"(
        select string_agg(name || ': ' || privileges, '; ' order by name)
          from (select r.name, string_agg(p.privilege || ' ' || p.access, ', ' order by p.privilege) as privileges
                  from queue_statistics.roles r join queue_statistics.role_privileges p on p.role = r.id
                 where r.login group by r.name) seeded)") ==
               "Administrator: administrator 1, user 1; Reseller: reseller 1, user 1; "
               "System owner: reseller 1, system 1, user 1; User: user 1");
}

// VACUUM takes the lock by which a roll-up says that it is at work.
BOOST_FIXTURE_TEST_CASE(no_vacuum_by_itself_is_taken_for_a_roll_up, Stock) {
    BOOST_TEST(value("select reloptions from pg_class where oid = 'queue_statistics.rollup_state'::regclass") ==
               "{autovacuum_enabled=off}");
}

BOOST_AUTO_TEST_SUITE_END()
