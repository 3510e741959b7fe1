#define BOOST_TEST_DYN_LINK
#include "sql/store.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>

#include "sql/grant.hpp"
#include "tests/db/client.hpp"
#include "tests/db/database.hpp"

using namespace std::chrono_literals;
using Kind = core::StoreFailure::Kind;

namespace {

struct Outcome {
    bool failed = false;
    Kind kind = Kind::kBroken;
    std::string detail;
    std::chrono::milliseconds took{};

    bool is(Kind expected, const std::string& part) const {
        return failed && kind == expected && detail.find(part) != std::string::npos;
    }
};

std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
    return out << (outcome.failed ? "failed" : "answered") << ", kind " << static_cast<int>(outcome.kind) << ", after "
               << outcome.took.count() << " ms: " << outcome.detail;
}

/// Queue 1 of customer 1, which person 1, `bob`, sees.
class Faults : public test::Database {
  public:
    Faults() {
        run(R"(
            insert into queue_statistics.customers (id, name) values (1, 'c');
            insert into queue_statistics.people (id, customer, role, username, password)
              select 1, 1, id, 'bob', 'secret-hash' from queue_statistics.roles where name = 'User';
            insert into queue_statistics.queues (id, customer, name) values (1, 1, 'q');
            insert into queue_statistics.queue_destinations (id, queue, dtype, dnumber) values (1, 1, 'phone', '1'))");
    }

    sql::StoreOptions options() const { return {.conninfo = conninfo("reader")}; }

    static Outcome outcome(test::Client& store, std::chrono::milliseconds limit, const std::function<void()>& act) {
        Outcome outcome;
        const auto started = sql::Clock::now();
        store.request.deadline = started + limit;
        try {
            act();
        } catch (const core::StoreFailure& failure) {
            outcome.failed = true;
            outcome.kind = failure.kind();
            outcome.detail = failure.detail();
        }
        outcome.took = std::chrono::duration_cast<std::chrono::milliseconds>(sql::Clock::now() - started);
        return outcome;
    }

    static Outcome log_in(test::Client& store, std::chrono::milliseconds limit = 8s) {
        return outcome(store, limit, [&] { BOOST_TEST(store.credentials("bob", std::nullopt).value().person == 1); });
    }

    static Outcome read(test::Client& store, std::chrono::milliseconds limit = 8s) {
        return outcome(store, limit, [&] { BOOST_TEST(store.queue_statistics(1, 1, {}).value().size() == 1u); });
    }

    /// How many sessions of the responder this database has.
    std::string sessions() {
        return value("select count(*) from pg_stat_activity where datname = current_database() and usename = 'reader'");
    }

    void terminate_readers() {
        test::as_superuser("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '" + name() +
                           "' and usename = 'reader'");
    }

    /// Makes may_see_queue() take that long.
    void sleep_in_may_see_queue(const std::string& seconds) {
        run("create or replace function queue_statistics.may_see_queue(person bigint, queue bigint) returns boolean "
            "language plpgsql stable security definer set search_path = pg_catalog, pg_temp "
            "as $$ begin perform pg_sleep(" +
            seconds + "); return true; end $$");
    }
};

/// Waits until condition holds, for 5 s at most. Returns whether it holds.
bool eventually(const std::function<bool()>& condition) {
    for (int i = 0; i < 100; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(50ms);
    }
    return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store)

BOOST_FIXTURE_TEST_CASE(the_session_is_set_up_for_reading, Faults) {
    sql::StoreOptions with = options();
    with.statement_timeout = 4321ms;
    test::Client store{with};
    BOOST_TEST(!log_in(store).failed);
    // Only the session itself knows its settings. A function that it calls tells them.
    run(R"(create or replace function queue_statistics.credentials(username text)
        returns table (person bigint, password text, source cidr[], active boolean, login boolean, user_access smallint)
        language sql stable security definer as $$
          select 1::bigint, string_agg(current_setting(name), ' ' order by n), '{}'::cidr[], true, true, 1::smallint
            from unnest(array['statement_timeout', 'lock_timeout', 'idle_session_timeout', 'jit', 'plan_cache_mode',
                              'client_connection_check_interval', 'default_transaction_read_only', 'search_path',
                              'client_encoding', 'application_name']) with ordinality s (name, n) $$)");
    BOOST_TEST(store.credentials("bob", std::nullopt).value().password_hash ==
               "4321ms 1s 15min off force_generic_plan 500ms on pg_catalog UTF8 queue-statistics-fcgi");
}

BOOST_FIXTURE_TEST_CASE(time_and_rows_of_a_request_are_added_up, Faults) {
    test::Client store{options()};
    log_in(store);
    BOOST_TEST(store.request.trace.rows == 1);
    const auto database_time = store.request.trace.database_time;
    BOOST_TEST(database_time.count() > 0);
    read(store);
    BOOST_TEST(store.request.trace.rows == 2);
    BOOST_TEST((store.request.trace.database_time > database_time));
}

BOOST_FIXTURE_TEST_CASE(a_terminated_session_is_replaced_silently, Faults) {
    test::Client store{options()};
    BOOST_TEST(!log_in(store).failed);
    for (int i = 0; i < 3; ++i) {
        terminate_readers();
        BOOST_TEST(sessions() == "0");
        BOOST_TEST(!read(store).failed);
        BOOST_TEST(sessions() == "1");
    }
}

BOOST_FIXTURE_TEST_CASE(a_session_that_was_idle_for_too_long_is_replaced_silently, Faults) {
    // Only the session itself can shorten its timeout. A function that it calls does so.
    run(R"(create or replace function queue_statistics.may_see_queue(person bigint, queue bigint) returns boolean
        language plpgsql security definer set search_path = pg_catalog, pg_temp
        as $$ begin perform set_config('idle_session_timeout', '100ms', false); return true; end $$)");
    test::Client store{options()};
    BOOST_TEST(!read(store).failed);
    BOOST_TEST(eventually([this] { return sessions() == "0"; }));
    BOOST_TEST(!read(store).failed);
}

BOOST_FIXTURE_TEST_CASE(a_locked_table_is_unavailable_after_the_lock_timeout, Faults) {
    test::Client store{options()};
    log_in(store);
    run("begin; lock table queue_statistics.queue_destinations in access exclusive mode");
    const Outcome locked = read(store);
    BOOST_TEST(locked.is(Kind::kUnavailable, "queue_statistics: 55P03: "), locked);
    BOOST_TEST((locked.took >= 1s && locked.took < 3s), locked);
    run("rollback");
    BOOST_TEST(!read(store).failed);
}

BOOST_FIXTURE_TEST_CASE(a_statement_over_its_timeout_is_too_slow, Faults) {
    sql::StoreOptions impatient = options();
    impatient.statement_timeout = 300ms;
    test::Client store{impatient};
    log_in(store);
    sleep_in_may_see_queue("5");
    const Outcome slow = read(store);
    BOOST_TEST(slow.is(Kind::kTooSlow, "queue_statistics: 57014: "), slow);
    BOOST_TEST(slow.took < 2s, slow);
    BOOST_TEST(sessions() == "1");
    BOOST_TEST(!log_in(store).failed);
}

BOOST_FIXTURE_TEST_CASE(a_cancelled_statement_is_too_slow_and_keeps_its_session, Faults) {
    test::Client store{options()};
    log_in(store);
    const std::string pid = value("select pid from pg_stat_activity where usename = 'reader'");
    sleep_in_may_see_queue("5");
    std::thread canceller{[] {
        std::this_thread::sleep_for(500ms);
        test::as_superuser("select pg_cancel_backend(pid) from pg_stat_activity where usename = 'reader'");
    }};
    const Outcome cancelled = read(store);
    canceller.join();
    BOOST_TEST(cancelled.is(Kind::kTooSlow, "57014"), cancelled);
    BOOST_TEST(!log_in(store).failed);
    BOOST_TEST(value("select pid from pg_stat_activity where usename = 'reader'") == pid);
}

BOOST_FIXTURE_TEST_CASE(a_probe_misses_each_right_of_the_login, Faults) {
    test::Client store{options()};
    for (const std::string function : {"may_see_queue(bigint, bigint)", "credentials(text)"}) {
        run("revoke execute on function queue_statistics." + function + " from reader");
        const Outcome forbidden = outcome(store, 8s, [&] { store.probe(); });
        BOOST_TEST(forbidden.is(Kind::kUnavailable, "probe: 42501: "), forbidden);
        run("grant execute on function queue_statistics." + function + " to reader");
    }
    BOOST_TEST(!outcome(store, 8s, [&] { store.probe(); }).failed);
}

BOOST_FIXTURE_TEST_CASE(a_client_that_leaves_ends_the_statement_and_no_one_elses, Faults) {
    test::Client store{options()};
    log_in(store);
    sleep_in_may_see_queue("1");
    int pair[2];
    BOOST_REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    store.request.client_socket = pair[0];
    shutdown(pair[1], SHUT_WR);
    BOOST_TEST(!read(store).failed);  // a client that has only shut down one direction may wait for the answer

    sleep_in_may_see_queue("5");
    std::thread client{[&] {
        std::this_thread::sleep_for(300ms);
        close(pair[1]);
    }};
    const Outcome left = read(store);
    client.join();
    BOOST_TEST(left.is(Kind::kTooSlow, "queue_statistics: the client has left"), left);
    BOOST_TEST((left.took >= 300ms && left.took < 600ms), left);
    BOOST_TEST(eventually([this] { return sessions() == "0"; }));

    const Outcome connecting = log_in(store);
    // At once or, when the database is faster than we are, as soon as it is connected.
    BOOST_TEST((connecting.is(Kind::kTooSlow, "connect: the client has left") ||
                connecting.is(Kind::kTooSlow, "credentials: the client has left")),
               connecting);
    store.request.client_socket = -1;
    close(pair[0]);
    const Outcome next = log_in(store);
    BOOST_TEST(!next.failed, next);  // at once, without a back-off: the database did not fail
}

BOOST_FIXTURE_TEST_CASE(nothing_is_asked_for_a_client_that_left_before, Faults) {
    test::Client store{options()};
    log_in(store);
    const std::string pid = value("select pid from pg_stat_activity where usename = 'reader'");
    int pair[2];
    BOOST_REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    store.request.client_socket = pair[0];
    close(pair[1]);
    const Outcome left = log_in(store);
    BOOST_TEST(left.is(Kind::kTooSlow, "credentials: the client has left"), left);
    store.request.client_socket = -1;
    close(pair[0]);
    BOOST_TEST(!log_in(store).failed);
    BOOST_TEST(value("select pid from pg_stat_activity where usename = 'reader'") == pid);
}

BOOST_FIXTURE_TEST_CASE(a_passed_deadline_drops_the_session_and_ends_its_statement, Faults) {
    test::Client store{options()};
    log_in(store);
    sleep_in_may_see_queue("4");
    const Outcome slow = read(store, 300ms);
    BOOST_TEST(slow.is(Kind::kTooSlow, "queue_statistics: no answer before the deadline"), slow);
    BOOST_TEST((slow.took >= 300ms && slow.took < 1s), slow);
    BOOST_TEST(eventually([this] { return sessions() == "0"; }));
    BOOST_TEST(!log_in(store).failed);
}

BOOST_FIXTURE_TEST_CASE(a_schema_outside_the_range_is_unavailable_and_names_the_remedy, Faults) {
    test::Client store{options()};
    BOOST_TEST(!log_in(store).failed);
    const std::string newer = std::to_string(sql::kNewestSchema + 1);
    run("insert into queue_statistics.schema_version (version, works_with) values (" + newer + ", " + newer + ")");
    for (const Outcome& refused : {log_in(store), outcome(store, 8s, [&] { store.probe(); }),
                                   outcome(store, 8s, [&] { store.credentials("nobody", std::nullopt); })})
        BOOST_TEST(refused.is(Kind::kUnavailable, "remedy: upgrade this program"), refused);
    run("update queue_statistics.schema_version set works_with = 1 where version = " + newer);
    BOOST_TEST(!log_in(store).failed);
    BOOST_TEST(!outcome(store, 8s, [&] { store.probe(); }).failed);
    run("delete from queue_statistics.schema_version");
    const Outcome old = log_in(store);
    BOOST_TEST(old.is(Kind::kUnavailable, "remedy: queue-statistics migrate"), old);
}

BOOST_FIXTURE_TEST_CASE(a_missing_schema_or_right_is_unavailable_and_names_the_remedy, Faults) {
    test::Client store{options()};
    log_in(store);
    BOOST_TEST(!read(store).failed);
    run("revoke select (queue) on queue_statistics.queue_destination_calls from reader");
    const Outcome forbidden = read(store);
    BOOST_TEST(forbidden.is(Kind::kUnavailable, "queue_statistics: 42501: "), forbidden);
    BOOST_TEST(forbidden.is(Kind::kUnavailable, "remedy: queue-statistics grant"), forbidden);
    run("drop schema queue_statistics cascade");
    for (const Outcome& missing : {log_in(store), read(store), outcome(store, 8s, [&] { store.probe(); })})
        BOOST_TEST(missing.is(Kind::kUnavailable, "remedy: queue-statistics migrate"), missing);
    BOOST_TEST(sessions() == "1");
}

BOOST_FIXTURE_TEST_CASE(a_bug_is_broken_and_its_words_quote_no_parameter, Faults) {
    test::Client store{options()};
    const Outcome broken = outcome(store, 8s, [&] { store.credentials("marker-name", std::string{"marker-address"}); });
    BOOST_TEST(broken.is(Kind::kBroken, "credentials: 22P02"), broken);
    BOOST_TEST(broken.detail.find("marker") == std::string::npos, broken);
    BOOST_TEST(!log_in(store).failed);
}

BOOST_FIXTURE_TEST_CASE(two_people_of_one_name_are_nobody, Faults) {
    run(R"(create or replace function queue_statistics.credentials(username text)
        returns table (person bigint, password text, source cidr[], active boolean, login boolean, user_access smallint)
        language sql stable security definer as
        $$ select n, '*', '{}'::cidr[], true, true, 1::smallint from generate_series(1::bigint, 2) n $$)");
    test::Client store{options()};
    const Outcome ambiguous = log_in(store);
    BOOST_TEST(ambiguous.is(Kind::kBroken, "more than one person"), ambiguous);
}

BOOST_FIXTURE_TEST_CASE(a_changed_result_type_is_prepared_anew, Faults) {
    test::Client store{options()};
    log_in(store);
    run("alter table queue_statistics.schema_version alter version type bigint");
    BOOST_TEST(!log_in(store).failed);
}

BOOST_FIXTURE_TEST_CASE(deallocated_statements_are_prepared_anew, Faults) {
    sql::Connection connection{{conninfo("reader"), "db-tests", {}, true}};
    const sql::Statement one{"one", "select 1"};
    BOOST_TEST(connection.query(one, {}, sql::kNoDeadline).integer(0, 0) == 1);
    connection.script("deallocate all", sql::kNoDeadline);
    BOOST_TEST(test::sqlstate_of([&] { connection.query(one, {}, sql::kNoDeadline); }) == "26000");
    BOOST_TEST(!connection.is_open());
    BOOST_TEST(connection.query(one, {}, sql::kNoDeadline).integer(0, 0) == 1);
}

BOOST_FIXTURE_TEST_CASE(without_preparing_nothing_is_left_in_the_session, Faults) {
    sql::grant(owner(), sql::Grant::kReader, "reader", sql::kNoDeadline, [](std::string_view) {});
    sql::StoreOptions pooled = options();
    pooled.prepare = false;
    test::Client store{pooled};
    run(R"(create or replace function queue_statistics.credentials(username text)
        returns table (person bigint, password text, source cidr[], active boolean, login boolean, user_access smallint)
        language sql stable security definer as $$
          select 1::bigint, (select count(*)::text from pg_prepared_statements) || ' ' ||
                 (select count(*)::text from pg_settings where source = 'session'),
                 '{}'::cidr[], true, true, 1::smallint $$)");
    BOOST_TEST(!read(store).failed);
    BOOST_TEST(store.credentials("bob", std::nullopt).value().password_hash == "0 0");
    BOOST_TEST(!read(store).failed);
    terminate_readers();
    BOOST_TEST(!read(store).failed);
}

BOOST_FIXTURE_TEST_CASE(a_stopped_server_is_unavailable_at_once_and_back_when_it_is, Faults) {
    test::Client store{options()};
    BOOST_TEST(!log_in(store).failed);
    owner().close();
    {
        const test::StoppedServer stopped;
        const Outcome first = log_in(store);
        BOOST_TEST(first.is(Kind::kUnavailable, "connect: "), first);
        BOOST_TEST(first.took < 1s, first);
        const Outcome second = log_in(store);
        BOOST_TEST(second.is(Kind::kUnavailable, "next attempt in "), second);
        BOOST_TEST(second.took < 250ms, second);
        // The back-off grows: 2 s of requests make few attempts to connect.
        int attempts = 0;
        for (const auto until = sql::Clock::now() + 2s; sql::Clock::now() < until; std::this_thread::sleep_for(5ms))
            attempts += log_in(store).detail.find("next attempt") == std::string::npos ? 1 : 0;
        BOOST_TEST(attempts >= 2);
        BOOST_TEST(attempts <= 7);
    }
    BOOST_TEST(eventually([&] { return !log_in(store).failed; }));
}

BOOST_FIXTURE_TEST_CASE(a_suspended_postmaster_is_unavailable_at_the_deadline, Faults) {
    test::Client connected{options()};
    log_in(connected);
    test::Client store{options()};
    {
        const test::SuspendedPostmaster suspended;
        const Outcome hanging = log_in(store, 400ms);
        BOOST_TEST(hanging.is(Kind::kUnavailable, "connect: no connection before the deadline"), hanging);
        BOOST_TEST((hanging.took >= 400ms && hanging.took < 1500ms), hanging);
        BOOST_TEST(!log_in(connected).failed);
    }
    BOOST_TEST(eventually([&] { return !log_in(store).failed; }));
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_reached_is_unavailable_whatever_the_reason, Faults) {
    for (const char* conninfo : {"host=/nonexistent", "user=nobody_of_that_name", "dbname=no_such_database",
                                 "host=127.0.0.1 port=1", "no conninfo", "port=notaport"}) {
        test::Client store{{.conninfo = conninfo}};
        const Outcome refused = log_in(store);
        BOOST_TEST(refused.is(Kind::kUnavailable, "connect: "), conninfo << ": " << refused);
        BOOST_TEST(refused.detail.find('\n') == std::string::npos, refused);
    }
}

BOOST_FIXTURE_TEST_CASE(a_deadline_that_has_passed_is_not_waited_for, Faults) {
    test::Client store{options()};
    log_in(store);
    sleep_in_may_see_queue("2");
    const Outcome late = read(store, 0ms);
    BOOST_TEST(late.is(Kind::kTooSlow, "deadline"), late);
    BOOST_TEST(late.took < 500ms, late);
}

BOOST_AUTO_TEST_SUITE_END()
