#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
#include <vector>

#include "sql/grant.hpp"
#include "tests/db/database.hpp"

namespace {

const auto kIgnore = [](std::string_view) {};

class Granted : public test::Database {
  public:
    std::string as_reader(const std::string& text) { return as("reader", text); }
    std::string as_writer(const std::string& text) { return as("writer", text); }
    std::string as_phone_system(const std::string& text) { return as("phone_system", text); }
    std::string as_monitor(const std::string& text) { return as("monitor", text); }

    /// Every table of the schema, and with `views` every view too, except the named ones.
    std::vector<std::string> tables_but(const std::set<std::string>& left_out, bool views = false) {
        const sql::Rows rows = owner().query(views ? kTablesAndViews : kTables, {}, sql::kNoDeadline);
        std::vector<std::string> names;
        std::set<std::string> unknown = left_out;
        for (int i = 0; i < rows.size(); ++i) {
            const std::string name{rows.text(i, 0)};
            if (unknown.erase(name) == 0) names.push_back("queue_statistics." + name);
        }
        BOOST_TEST(unknown.empty());
        return names;
    }

    /// The functions of the schema that the role may execute, by name; of another role than `public`, those that not
    /// everyone may.
    std::string functions_of(const std::string& role) {
        return value(
            "select coalesce(string_agg(p.proname, ' ' order by p.proname), '') from pg_proc p"
            " where p.pronamespace = 'queue_statistics'::regnamespace"
            "   and has_function_privilege('" +
            role + "', p.oid, 'execute') and ('" + role +
            "' = 'public' or not has_function_privilege('public', p.oid, 'execute'))");
    }

    /// The SQLSTATE that the role gets. Its session is not read-only, so that the rights alone decide.
    std::string as(const std::string& role, const std::string& text) {
        sql::Connection connection = test::connect(conninfo(role));
        connection.script("set default_transaction_read_only = off", sql::kNoDeadline);
        return test::sqlstate_of([&] { connection.script(text, sql::kNoDeadline); });
    }

  private:
    static constexpr sql::Statement kTables{"tables", R"(
        select relname from pg_class
         where relnamespace = 'queue_statistics'::regnamespace and relkind in ('r', 'p'))"};
    static constexpr sql::Statement kTablesAndViews{"tables_and_views", R"(
        select relname from pg_class
         where relnamespace = 'queue_statistics'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f'))"};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(rights)

BOOST_FIXTURE_TEST_CASE(the_reader_reads_no_table_but_what_it_needs, Granted) {
    const std::set<std::string> needed{
        "schema_version", "queues",      "queue_destinations", "queue_destination_calls", "queue_calls",
        "rollup_dirty",   "rollup_sums", "rollup_caller_sums", "rollup_watermarks",       "token_epoch"};
    for (const auto& table : tables_but(needed, true))
        BOOST_TEST(as_reader("select 1 from " + table) == "42501", table);
    for (const auto& table : needed) BOOST_TEST(as_reader("select 1 from queue_statistics." + table) == "", table);
    BOOST_TEST(as_reader("select password from queue_statistics.people") == "42501");
    BOOST_TEST(as_reader("copy queue_statistics.people to '/tmp/people'") == "42501");
    BOOST_TEST(as_reader("select count(*) from queue_statistics.people") == "42501");
}

BOOST_FIXTURE_TEST_CASE(the_reader_gets_a_hash_only_by_naming_its_owner, Granted) {
    run(R"(insert into queue_statistics.customers (id, name) values (1, 'c');
           insert into queue_statistics.people (customer, role, username, password)
           select 1, min(id), 'bob', 'hash' from queue_statistics.roles)");
    sql::Connection reader = test::connect(conninfo("reader"));
    BOOST_TEST(test::value(reader, "select password from queue_statistics.credentials('bob')") == "hash");
    for (const char* guess : {"''", "null", "'%'", "'b%'"})
        BOOST_TEST(test::value(reader, std::string{"select password from queue_statistics.credentials("} + guess +
                                           ")") == "none");
}

BOOST_FIXTURE_TEST_CASE(the_reader_gets_neither_the_key_of_tokens_nor_a_name_by_an_id, Granted) {
    run(R"(insert into queue_statistics.customers (id, name) values (1, 'c');
           insert into queue_statistics.people (id, customer, role, username, password)
           select 1, 1, min(id), 'bob', 'hash' from queue_statistics.roles)");
    for (const char* own :
         {"select * from queue_statistics.token_key", "select * from queue_statistics.tokens",
          "select queue_statistics.username_of(1)", "select queue_statistics.token_mac('x')",
          "select queue_statistics.token_fingerprint('x')", "select queue_statistics.renew_token_key()",
          "select queue_statistics.make_token('bob', 1, null)", "select queue_statistics.spell_token(1, 1, 'x', null)"})
        BOOST_TEST(as_reader(own) == "42501", own);
    sql::Connection reader = test::connect(conninfo("reader"));
    BOOST_TEST(
        test::value(reader, "select username from queue_statistics.token_holds(1, 4000000000, 'x', null, 'x')") ==
        "null");
}

BOOST_FIXTURE_TEST_CASE(the_reader_reads_only_the_columns_it_needs, Granted) {
    BOOST_TEST(as_reader("select uniqueid from queue_statistics.queue_destination_calls") == "42501");
    BOOST_TEST(as_reader("select uniqueid from queue_statistics.queue_calls") == "42501");
    BOOST_TEST(as_reader("select id, customer, name, deleted from queue_statistics.queues") == "");
}

BOOST_FIXTURE_TEST_CASE(the_reader_writes_nowhere, Granted) {
    for (const auto& name : tables_but({})) {
        BOOST_TEST(as_reader("insert into " + name + " default values") == "42501", name);
        BOOST_TEST(as_reader("delete from " + name) == "42501", name);
        BOOST_TEST(as_reader("truncate " + name + " cascade") == "42501", name);
        BOOST_TEST(as_reader("begin; lock table " + name + " in access exclusive mode") == "42501", name);
        BOOST_TEST(as_reader("drop table " + name + " cascade") == "42501", name);
    }
    BOOST_TEST(as_reader("update queue_statistics.people set active = true") == "42501");
    BOOST_TEST(as_reader("update queue_statistics.queues set deleted = false") == "42501");
    BOOST_TEST(as_reader("update queue_statistics.queue_destination_calls set talktime = 1") == "42501");
    BOOST_TEST(as_reader("select id from queue_statistics.queues for update") == "42501");
    BOOST_TEST(as_reader("create table queue_statistics.mine ()") == "42501");
    BOOST_TEST(as_reader("create table public.mine ()") == "42501");
    BOOST_TEST(as_reader("select nextval('queue_statistics.queues_id_seq')") == "42501");
}

BOOST_FIXTURE_TEST_CASE(the_reader_calls_only_what_it_was_granted, Granted) {
    BOOST_TEST(as_reader("select queue_statistics.is_deleted(1)") == "42501");
    BOOST_TEST(as_reader("select queue_statistics.may_see_queue(1, 1)") == "");
    BOOST_TEST(functions_of("reader") ==
               "caller_parts caller_span callers credentials customer_of destination destination_by_number "
               "destination_offers destinations destinations_by_number login_token may_see_queue offer_parts offers "
               "rollup_bin rollup_label rollup_ranges rollup_widths sums_of_caller_sums sums_of_callers sums_of_calls "
               "sums_of_sums token_holds total unix_second visible_customers");
}

BOOST_FIXTURE_TEST_CASE(everyone_may_call_only_what_a_written_call_is_asked, Granted) {
    // A writer's constraints and triggers ask these, on behalf of the writer.
    BOOST_TEST(functions_of("public") == "is_possible_caller is_possible_offer may_be_summed");
}

BOOST_FIXTURE_TEST_CASE(the_readers_sessions_are_read_only_by_the_roles_settings, Granted) {
    sql::grant(owner(), sql::Grant::kReader, "reader", sql::kNoDeadline, kIgnore);
    sql::Connection reader = test::connect(conninfo("reader"));
    BOOST_TEST(test::value(reader, "show default_transaction_read_only") == "on");
    BOOST_TEST(test::value(reader, "show statement_timeout") == "5s");
    BOOST_TEST(test::value(reader, "show lock_timeout") == "1s");
    BOOST_TEST(test::value(reader, "show search_path") == "pg_catalog");
    BOOST_TEST(test::value(reader, "show jit") == "off");
    BOOST_TEST(test::value(reader, "show client_connection_check_interval") == "500ms");
    sql::Connection elsewhere = test::connect("user=reader");
    BOOST_TEST(test::value(elsewhere, "show default_transaction_read_only") == "off");
}

BOOST_FIXTURE_TEST_CASE(without_createrole_the_rights_are_granted_and_the_settings_reported, Granted) {
    test::as_superuser("alter role owner nocreaterole");
    std::string reported;
    sql::grant(owner(), sql::Grant::kReader, "reader", sql::kNoDeadline,
               [&](std::string_view line) { reported = line; });
    test::as_superuser("alter role owner createrole");
    BOOST_TEST(reported.find("CREATEROLE") != std::string::npos);
    BOOST_TEST(value("select has_function_privilege('reader', 'queue_statistics.credentials(text)', 'execute')") ==
               "t");
}

BOOST_FIXTURE_TEST_CASE(without_admin_option_the_settings_are_reported_from_postgresql_16_on, Granted) {
    test::as_superuser("revoke admin option for reader from owner");
    std::string reported;
    sql::grant(owner(), sql::Grant::kReader, "reader", sql::kNoDeadline,
               [&](std::string_view line) { reported = line; });
    test::as_superuser("grant reader to owner with admin option");
    BOOST_TEST((reported.find("ADMIN OPTION") != std::string::npos) == (owner().server_version() >= 160000));
}

BOOST_FIXTURE_TEST_CASE(a_role_that_does_not_exist_is_named, Granted) {
    const auto grant = [this](const std::string& role) {
        return test::sqlstate_of([&] { sql::grant(owner(), sql::Grant::kWriter, role, sql::kNoDeadline, kIgnore); });
    };
    BOOST_TEST(grant("nobody") == "42704");
    BOOST_TEST(grant("public") == "42704");
    BOOST_TEST(grant("PUBLIC") == "42704");
    BOOST_TEST(grant("") == "42704");
    BOOST_TEST(grant("writer\"; drop table queue_statistics.people; --") == "42704");
}

BOOST_FIXTURE_TEST_CASE(the_owner_and_superusers_cannot_be_the_reader, Granted) {
    for (const char* role : {"owner", "postgres"})
        BOOST_TEST(test::sqlstate_of(
                       [&] { sql::grant(owner(), sql::Grant::kReader, role, sql::kNoDeadline, kIgnore); }) == "42501",
                   role);
}

BOOST_FIXTURE_TEST_CASE(the_writer_writes_calls_and_makes_queues_and_destinations, Granted) {
    run("insert into queue_statistics.customers (id, name) values (1, 'c')");
    BOOST_TEST(as_writer(R"(
        insert into queue_statistics.queues (customer, name) values (1, 'q');
        insert into queue_statistics.queue_destinations (queue, dtype, dnumber)
          select id, 'phone', '1' from queue_statistics.queues;
        insert into queue_statistics.queue_destination_calls (queue, destination, uniqueid, start, outcome, in_progress)
          select queue, id, 'u', now(), 'answered', true from queue_statistics.queue_destinations;
        update queue_statistics.queue_destination_calls set talktime = 3, in_progress = false;
        update queue_statistics.queue_destinations set removed = now();
        update queue_statistics.queues set deleted = true;
        delete from queue_statistics.queue_destination_calls;
        insert into queue_statistics.queue_calls (queue, uniqueid, entered, outcome)
          select id, 'u', now(), 'waiting' from queue_statistics.queues;
        update queue_statistics.queue_calls set outcome = 'abandoned', waittime = 3;
        delete from queue_statistics.queue_calls)") == "");
}

BOOST_FIXTURE_TEST_CASE(the_writer_does_nothing_else, Granted) {
    const std::set<std::string> written{"queues", "queue_destinations", "queue_destination_calls", "queue_calls"};
    for (const auto& name : tables_but(written, true)) BOOST_TEST(as_writer("select 1 from " + name) == "42501", name);
    for (const auto& name : tables_but(written)) {
        BOOST_TEST(as_writer("insert into " + name + " default values") == "42501", name);
        BOOST_TEST(as_writer("delete from " + name) == "42501", name);
    }
    BOOST_TEST(functions_of("writer") == "");
    BOOST_TEST(as_writer("delete from queue_statistics.queues") == "42501");
    BOOST_TEST(as_writer("delete from queue_statistics.queue_destinations") == "42501");
    BOOST_TEST(as_writer("truncate queue_statistics.queue_destination_calls") == "42501");
    BOOST_TEST(as_writer("truncate queue_statistics.queue_calls") == "42501");
    BOOST_TEST(as_writer("select * from queue_statistics.credentials('bob')") == "42501");
    BOOST_TEST(as_writer("select queue_statistics.may_see_queue(1, 1)") == "42501");
}

BOOST_FIXTURE_TEST_CASE(a_phone_system_inserts_events_and_can_do_nothing_else, Granted) {
    run("insert into queue_statistics.customers (id, name) values (1, 'c');"
        "insert into queue_statistics.queues (id, customer, name) values (1, 1, 'IT')");
    BOOST_TEST(as_phone_system("insert into queue_statistics.queue_log (time, callid, queuename, agent, event, data1)"
                               " values ('1000', 'c.1', 'IT', 'SIP/1', 'RINGNOANSWER', '5000')") == "");
    BOOST_TEST(as_phone_system("insert into queue_statistics.freeswitch_events (event) values ('{')") == "");
    BOOST_TEST(test::value(owner(), "select count(*) from queue_statistics.queue_destination_calls") == "1");
    BOOST_TEST(test::value(owner(), "select count(*) from queue_statistics.event_problems") == "1");

    for (const auto& name : tables_but({"queue_log", "freeswitch_events"}))
        BOOST_TEST(as_phone_system("insert into " + name + " default values") == "42501", name);
    for (const auto& name : tables_but({}, true)) BOOST_TEST(as_phone_system("select 1 from " + name) == "42501", name);
    for (const auto& name : tables_but({})) BOOST_TEST(as_phone_system("delete from " + name) == "42501", name);
    for (const auto* column : {"id", "received", "source"}) {
        BOOST_TEST(as_phone_system("insert into queue_statistics.queue_log (" + std::string{column} +
                                   ") values (default)") == "42501",
                   column);
        BOOST_TEST(as_phone_system("insert into queue_statistics.freeswitch_events (" + std::string{column} +
                                   ") values (default)") == "42501",
                   column);
    }
    BOOST_TEST(as_phone_system("update queue_statistics.queue_log set time = '1'") == "42501");
    BOOST_TEST(as_phone_system("truncate queue_statistics.queue_log") == "42501");
    BOOST_TEST(as_phone_system("insert into queue_statistics.queue_log (event) values ('x') returning id") == "42501");
    BOOST_TEST(functions_of("phone_system") == "phone_system_source");
    BOOST_TEST(as_phone_system("select queue_statistics.credentials('bob')") == "42501");
    BOOST_TEST(as_phone_system("create table queue_statistics.mine ()") == "42501");
}

BOOST_FIXTURE_TEST_CASE(a_phone_system_holds_no_lock_but_those_of_its_inserts, Granted) {
    for (const auto& name : tables_but({}))
        for (const char* mode : {"access share", "row share", "row exclusive", "share", "access exclusive"})
            BOOST_TEST(as_phone_system("begin; lock table " + name + " in " + mode + " mode") == "42501", name << mode);
    for (const char* table : {"phone_systems", "phone_system_roles", "phone_system_addresses", "map_queues"})
        BOOST_TEST(as_phone_system(std::string{"select from queue_statistics."} + table + " for update") == "42501");
}

BOOST_FIXTURE_TEST_CASE(the_monitor_reads_no_hash_no_name_of_a_person_and_no_event, Granted) {
    const std::set<std::string> whole{
        "rollup_state",    "rollup_dirty",   "newest_events",       "phone_system_roles", "phone_system_addresses",
        "unmapped_queues", "refused_hashes", "event_problem_kinds", "overdue_events",     "queue_shards"};
    for (const auto& table : tables_but(whole, true))
        BOOST_TEST(as_monitor("select * from " + table) == "42501", table);
    for (const auto& table : whole) BOOST_TEST(as_monitor("select * from queue_statistics." + table) == "", table);
    for (const char* column :
         {"people.password", "people.username", "people.source", "event_problems.event", "kept_events.event",
          "phone_events.agent", "queue_log.agent", "queue_destination_calls.uniqueid", "queue_calls.uniqueid"}) {
        const std::string name{column};
        const auto dot = name.find('.');
        BOOST_TEST(
            as_monitor("select " + name.substr(dot + 1) + " from queue_statistics." + name.substr(0, dot)) == "42501",
            name);
    }
    BOOST_TEST(functions_of("monitor") == "crypt_number is_acceptable_hash is_deleted is_within");
    for (const auto& name : tables_but({})) {
        BOOST_TEST(as_monitor("insert into " + name + " default values") == "42501", name);
        BOOST_TEST(as_monitor("delete from " + name) == "42501", name);
        BOOST_TEST(as_monitor("begin; lock table " + name + " in row exclusive mode") == "42501", name);
    }
    BOOST_TEST(as_monitor("select nextval('queue_statistics.queues_id_seq')") == "42501");
}

BOOST_FIXTURE_TEST_CASE(the_monitor_gets_numbers_of_what_it_may_not_read, Granted) {
    run(R"(insert into queue_statistics.customers (id, name) values (1, 'c');
           insert into queue_statistics.people (customer, role, username, password)
           select 1, min(id), 'bob', 'hash' from queue_statistics.roles;
           insert into queue_statistics.queue_log (time, callid, event) values ('x', 'Anna', 'ENTERQUEUE'))");
    sql::Connection monitor = test::connect(conninfo("monitor"));
    BOOST_TEST(test::value(monitor, "select people || coalesce(names, '-') from queue_statistics.refused_hashes") ==
               "1-");
    BOOST_TEST(test::value(monitor,
                           "select events || coalesce(newest, '-') from queue_statistics.event_problem_kinds") == "1-");
    BOOST_TEST(value("select people || names from queue_statistics.refused_hashes") == "1bob");
    BOOST_TEST(value("select newest from queue_statistics.event_problem_kinds") == "x|Anna|ENTERQUEUE");
}

BOOST_FIXTURE_TEST_CASE(a_router_asks_questions_and_reads_no_table, Granted) {
    const std::string ask = "select queue_statistics.answer_here(0::smallint, array['destinations', '1'])";
    for (const auto& table : tables_but({}, true)) BOOST_TEST(as("router", "select 1 from " + table) == "42501", table);
    BOOST_TEST(functions_of("router") == "answer_here");
    BOOST_TEST(as("router", ask) == "08000");  // this is no shard
    run("insert into queue_statistics.shard (number) values (1)");
    BOOST_TEST(as("router", ask) == "08000");  // ... and this is another one
    run("update queue_statistics.shard set number = 0");
    BOOST_TEST(as("router", ask) == "");
    for (const char* other : {"reader", "writer", "phone_system", "monitor", "shard"})
        BOOST_TEST(as(other, ask) == "42501", other);
    sql::grant(owner(), sql::Grant::kRouter, "router", sql::kNoDeadline, kIgnore);
    sql::Connection router = test::connect(conninfo("router"));
    BOOST_TEST(test::value(router, "show statement_timeout") == "7s");
    BOOST_TEST(test::value(router, "show lock_timeout") == "1s");
    BOOST_TEST(test::value(router, "show default_transaction_read_only") == "on");
    BOOST_TEST(test::value(router, "show plan_cache_mode") == "force_generic_plan");
    BOOST_TEST(test::value(router, "show client_connection_check_interval") == "500ms");
}

BOOST_FIXTURE_TEST_CASE(a_shard_reads_what_it_copies, Granted) {
    const std::set<std::string> copied{"customers", "queues", "queue_shards", "shard"};
    for (const auto& table : tables_but(copied, true))
        BOOST_TEST(as("shard", "select 1 from " + table) == "42501", table);
    for (const auto& table : copied) BOOST_TEST(as("shard", "select * from queue_statistics." + table) == "", table);
    BOOST_TEST(functions_of("shard") == "");
    for (const auto& name : tables_but({})) BOOST_TEST(as("shard", "delete from " + name) == "42501", name);
}

BOOST_FIXTURE_TEST_CASE(nobody_but_the_owner_makes_temporary_tables, Granted) {
    for (const auto kind : {sql::Grant::kReader, sql::Grant::kPhoneSystem, sql::Grant::kMonitor}) {
        run("grant temporary on database " + name() + " to public");
        const char* role = kind == sql::Grant::kReader        ? "reader"
                           : kind == sql::Grant::kPhoneSystem ? "phone_system"
                                                              : "monitor";
        sql::grant(owner(), kind, role, sql::kNoDeadline, kIgnore);
        for (const char* other : {"reader", "writer", "phone_system", "monitor"})
            BOOST_TEST(as(other, "create temporary table t ()") == "42501", other);
    }
    BOOST_TEST(as("owner", "create temporary table t ()") == "");
}

BOOST_FIXTURE_TEST_CASE(a_grant_says_what_it_took_from_everyone_and_what_it_could_not, Granted) {
    const std::string all = "grant temporary on database " + name() + " to public";
    const auto grant = [this](const std::string& by) {
        std::string said;
        sql::Connection connection = test::connect(conninfo(by));
        sql::grant(connection, sql::Grant::kMonitor, "monitor", sql::kNoDeadline,
                   [&](std::string_view line) { said += std::string{line} + "\n"; });
        return said;
    };
    const auto says = [](const std::string& said, const std::string& what) {
        return said.find(what) != std::string::npos;
    };
    run(all);
    std::string said = grant("owner");
    BOOST_TEST(says(said, "nobody but owner may make temporary tables in this database any more"));
    BOOST_TEST(says(said, "the role may still make large objects; a superuser can end that"));
    BOOST_TEST(as_monitor("create temporary table t ()") == "42501");
    BOOST_TEST(!says(grant("owner"), "temporary"));

    // Who does not own the database may not take it away. The rights hold all the same.
    test::as_superuser("alter database " + name() + " owner to postgres; " + all);
    run("revoke select on queue_statistics.refused_hashes from monitor");
    said = grant("owner");
    BOOST_TEST(
        says(said, "the role may still make temporary tables; the database's owner can end that: revoke temporary"));
    BOOST_TEST(as_monitor("select people from queue_statistics.refused_hashes") == "");

    for (const char* make : {"select lo_creat(-1)", "select lo_create(0)", "select lo_from_bytea(0, '')"})
        BOOST_TEST(as_monitor(make) == "", make);
    said = grant("postgres");
    BOOST_TEST(says(said, "nobody but owner may make temporary tables"));
    BOOST_TEST(says(said, "nobody but superusers may make large objects in this database any more"));
    for (const char* role : {"reader", "writer", "phone_system", "monitor"})
        for (const char* make : {"select lo_creat(-1)", "select lo_create(0)", "select lo_from_bytea(0, '')",
                                 "select lo_import('/etc/hostname')", "create temporary table t ()"})
            BOOST_TEST(as(role, make) == "42501", role << make);
    BOOST_TEST(grant("postgres") == "");
}

BOOST_FIXTURE_TEST_CASE(the_owner_and_superusers_are_nobody_elses_role, Granted) {
    for (const auto kind : {sql::Grant::kMonitor, sql::Grant::kPhoneSystem})
        for (const char* role : {"owner", "postgres"})
            BOOST_TEST(
                test::sqlstate_of([&] { sql::grant(owner(), kind, role, sql::kNoDeadline, kIgnore); }) == "42501",
                role);
}

BOOST_AUTO_TEST_SUITE_END()
