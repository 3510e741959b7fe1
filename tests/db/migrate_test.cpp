#define BOOST_TEST_DYN_LINK
#include "sql/migrate.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "sql/grant.hpp"
#include "sql/store.hpp"
#include "tests/db/client.hpp"
#include "tests/db/database.hpp"

using test::Database;
using test::EmptyDatabase;

namespace {

const auto kIgnore = [](std::string_view) {};

std::string refusal(sql::Connection& connection) {
    try {
        sql::pending_migrations(connection, sql::kNoDeadline);
    } catch (const core::StoreFailure& failure) {
        return failure.detail();
    }
    return "";
}

constexpr sql::MigrationFile kNextFiles[]{
    {"0002/01_table.sql", "create table queue_statistics.next ();"},
    {"0002/02_row.sql", "insert into queue_statistics.schema_version (version, works_with) values (2, 1);"},
};

/// The migrations of this program, and a made-up one.
std::vector<sql::Migration> with_a_later_one(std::span<const sql::MigrationFile> files = kNextFiles) {
    std::vector<sql::Migration> all{sql::migrations().begin(), sql::migrations().end()};
    all.push_back({sql::kNewestSchema + 1, "0002", files});
    return all;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(migrate)

BOOST_AUTO_TEST_CASE(numbers_are_consecutive_from_one_and_end_at_the_newest_schema) {
    int expected = 0;
    for (const auto& migration : sql::migrations()) {
        BOOST_TEST(migration.number == ++expected);
        BOOST_TEST(
            std::ranges::is_sorted(migration.files, {}, [](const auto& file) { return std::string{file.name}; }));
    }
    BOOST_TEST(expected == sql::kNewestSchema);
    BOOST_TEST(sql::kOldestSchema <= sql::kNewestSchema);
}

BOOST_AUTO_TEST_CASE(an_empty_database_gets_every_migration_once) {
    EmptyDatabase database;
    sql::Connection owner = test::connect(database.conninfo());
    BOOST_TEST(sql::current_version(owner, sql::kNoDeadline) == 0);
    std::vector<std::string> reported;
    const int applied = sql::migrate(owner, [&](std::string_view line) { reported.emplace_back(line); });
    BOOST_TEST(applied == sql::kNewestSchema);
    BOOST_TEST(reported.size() == sql::migrations().size());
    BOOST_TEST(reported.front() == "migration 0001");
    BOOST_TEST(sql::current_version(owner, sql::kNoDeadline) == sql::kNewestSchema);
    BOOST_TEST(test::value(owner, "select count(*) from queue_statistics.schema_version") ==
               std::to_string(sql::kNewestSchema));
    BOOST_TEST(sql::migrate(owner, kIgnore) == 0);
}

BOOST_AUTO_TEST_CASE(a_shard_stays_a_shard) {
    Database database;
    database.run("insert into queue_statistics.shard (number) values (3)");
    constexpr sql::MigrationFile kReplacing[]{
        {"0002/01_view.sql", R"(create or replace view queue_statistics.current_queues as
                                  select id, customer, name from queue_statistics.queues;)"},
        kNextFiles[1]};
    const auto migrations = with_a_later_one(kReplacing);
    BOOST_TEST(contains(sql::pending_script(database.owner(), sql::kNoDeadline, migrations), "refuse_write"));
    sql::migrate(database.owner(), kIgnore, migrations);
    BOOST_TEST(contains(database.value("select pg_get_viewdef('queue_statistics.current_queues')"), "queue_shards"));
    BOOST_TEST(test::sqlstate_of([&] { database.run("insert into queue_statistics.customers (name) values ('c')"); }) ==
               "25006");
    BOOST_TEST(database.value("select nextval('queue_statistics.queue_calls_id_seq')") == "3000000000001");
    sql::migrate(database.owner(), kIgnore, migrations);
    BOOST_TEST(database.value("select nextval('queue_statistics.queue_calls_id_seq')") == "3000000000002");
}

BOOST_AUTO_TEST_CASE(the_dry_run_is_a_script_that_does_the_same) {
    EmptyDatabase database;
    sql::Connection owner = test::connect(database.conninfo());
    const std::string script = sql::pending_script(owner, sql::kNoDeadline);
    BOOST_TEST(contains(script, "create table queue_statistics.queue_destination_calls"));
    BOOST_TEST(sql::current_version(owner, sql::kNoDeadline) == 0);
    owner.script(script, sql::kNoDeadline);
    BOOST_TEST(sql::current_version(owner, sql::kNoDeadline) == sql::kNewestSchema);
    BOOST_TEST(sql::pending_script(owner, sql::kNoDeadline) == "");
}

BOOST_AUTO_TEST_CASE(a_later_migration_is_applied_alone) {
    Database database;
    const std::vector<sql::Migration> all = with_a_later_one();
    const std::string script = sql::pending_script(database.owner(), sql::kNoDeadline, all);
    BOOST_TEST(contains(script, "-- 0002/01_table.sql\ncreate table queue_statistics.next"));
    BOOST_TEST(!contains(script, "0001"));
    database.run("revoke select (start) on queue_statistics.queue_destination_calls from reader");
    std::vector<std::string> reported;
    const int applied = sql::migrate(
        database.owner(), [&](std::string_view line) { reported.emplace_back(line); }, all);
    BOOST_TEST(applied == 1);
    BOOST_TEST(reported == std::vector<std::string>{"migration 0002"});
    BOOST_TEST(sql::current_version(database.owner(), sql::kNoDeadline) == 2);
    BOOST_TEST(database.value("select has_column_privilege('reader', 'queue_statistics.queue_destination_calls', "
                              "'start', 'select')") == "t");
    BOOST_TEST(sql::migrate(database.owner(), kIgnore, all) == 0);
    BOOST_TEST(contains(refusal(database.owner()), "schema 2, newer than this program's 1"));
}

BOOST_AUTO_TEST_CASE(a_later_migration_that_fails_leaves_nothing_of_itself) {
    EmptyDatabase database;
    sql::Connection owner = test::connect(database.conninfo());
    const sql::MigrationFile files[]{kNextFiles[0], kNextFiles[0]};
    const std::vector<sql::Migration> all = with_a_later_one(files);
    BOOST_TEST(test::sqlstate_of([&] { sql::migrate(owner, kIgnore, all); }) == "42P07");
    BOOST_TEST(sql::current_version(owner, sql::kNoDeadline) == 1);
    BOOST_TEST(test::value(owner, "select to_regclass('queue_statistics.next') is null") == "t");
}

BOOST_AUTO_TEST_CASE(a_newer_database_is_refused) {
    Database database;
    database.run("insert into queue_statistics.schema_version (version, works_with) values (999, 1)");
    BOOST_TEST(contains(refusal(database.owner()), "schema 999, newer"));
}

BOOST_AUTO_TEST_CASE(a_database_that_is_not_utf8_is_refused) {
    EmptyDatabase database{"encoding 'LATIN1' locale 'C' template template0"};
    sql::Connection owner = test::connect(database.conninfo());
    BOOST_TEST(contains(refusal(owner), "encoding is LATIN1"));
    BOOST_TEST(sql::current_version(owner, sql::kNoDeadline) == 0);
}

BOOST_AUTO_TEST_CASE(a_migration_that_fails_leaves_nothing) {
    EmptyDatabase database;
    sql::Connection owner = test::connect(database.conninfo());
    owner.script("create schema queue_statistics", sql::kNoDeadline);
    BOOST_TEST(test::sqlstate_of([&] { sql::migrate(owner, kIgnore); }) == "42P06");
    BOOST_TEST(
        test::value(owner, "select count(*) from pg_class where relnamespace = 'queue_statistics'::regnamespace") ==
        "0");
}

BOOST_AUTO_TEST_CASE(a_second_run_waits_for_the_first_and_has_nothing_left_to_do) {
    EmptyDatabase database;
    sql::Connection first = test::connect(database.conninfo());
    first.script("begin", sql::kNoDeadline);
    for (const auto& migration : sql::migrations())
        for (const auto& file : migration.files) first.script(file.text, sql::kNoDeadline);
    bool waited = false;
    sql::Connection second = test::connect(database.conninfo());
    const int applied = sql::migrate(second, [&](std::string_view line) {
        if (!contains(std::string{line}, "waiting") || waited) return;
        waited = true;
        first.script("commit", sql::kNoDeadline);
    });
    BOOST_TEST(waited);
    BOOST_TEST(applied == 0);
}

BOOST_AUTO_TEST_CASE(a_run_whose_work_another_run_commits_meanwhile_has_nothing_left_to_do) {
    EmptyDatabase database;
    sql::Connection first = test::connect(database.conninfo());
    first.script("begin", sql::kNoDeadline);
    for (const auto& migration : sql::migrations())
        for (const auto& file : migration.files) first.script(file.text, sql::kNoDeadline);
    std::jthread committing;
    sql::Connection second = test::connect(database.conninfo());
    const int applied = sql::migrate(second, [&](std::string_view) {
        if (committing.joinable()) return;
        committing = std::jthread{[&first] {
            std::this_thread::sleep_for(std::chrono::milliseconds{200});  // the other one waits 500
            first.script("commit", sql::kNoDeadline);
        }};
    });
    BOOST_TEST(applied == 0);
    BOOST_TEST(sql::current_version(second, sql::kNoDeadline) == sql::kNewestSchema);
}

BOOST_AUTO_TEST_CASE(a_later_migration_waits_for_another_run) {
    Database database;
    sql::Connection first = test::connect(database.conninfo());
    first.script("begin; lock table queue_statistics.schema_version in share row exclusive mode", sql::kNoDeadline);
    bool waited = false;
    const int applied = sql::migrate(
        database.owner(),
        [&](std::string_view line) {
            if (!contains(std::string{line}, "waiting") || waited) return;
            waited = true;
            first.script(kNextFiles[0].text, sql::kNoDeadline);
            first.script(kNextFiles[1].text, sql::kNoDeadline);
            first.script("commit", sql::kNoDeadline);
        },
        with_a_later_one());
    BOOST_TEST(waited);
    BOOST_TEST(applied == 0);
}

BOOST_AUTO_TEST_CASE(nobody_but_the_owner_can_make_a_run_wait) {
    Database database;
    sql::Connection stranger = test::connect(database.conninfo("reader"));
    stranger.script("select pg_advisory_lock(hashtextextended('queue_statistics.migrate', 0)); begin",
                    sql::kNoDeadline);
    BOOST_TEST(test::sqlstate_of([&] {
                   stranger.script("lock table queue_statistics.schema_version in row exclusive mode",
                                   sql::kNoDeadline);
               }) == "42501");
    std::vector<std::string> reported;
    sql::migrate(
        database.owner(), [&](std::string_view line) { reported.emplace_back(line); }, with_a_later_one());
    BOOST_TEST(reported == std::vector<std::string>{"migration 0002"});
}

BOOST_AUTO_TEST_CASE(rights_are_renewed_for_those_who_had_any) {
    test::as_superuser(R"(create role "odd ""role" login)");
    {
        Database database;
        sql::grant(database.owner(), sql::Grant::kWriter, "odd \"role", sql::kNoDeadline, kIgnore);
        database.run(R"(revoke select on queue_statistics.queue_destination_calls from "odd ""role";
                        revoke select (start) on queue_statistics.queue_destination_calls from reader)");
        database.run(sql::renewed_rights(database.owner(), sql::kNoDeadline));
        const std::string table = "'queue_statistics.queue_destination_calls'";
        BOOST_TEST(database.value(R"(select has_table_privilege('odd "role', )" + table + ", 'select')") == "t");
        BOOST_TEST(database.value("select has_column_privilege('reader', " + table + ", 'start', 'select')") == "t");
        BOOST_TEST(database.value("select has_table_privilege('reader', " + table + ", 'insert')") == "f");
    }
    test::as_superuser(R"(drop role "odd ""role")");
}

BOOST_AUTO_TEST_CASE(nobody_else_gets_rights) {
    EmptyDatabase database;
    sql::Connection owner = test::connect(database.conninfo());
    sql::migrate(owner, kIgnore);
    owner.script("grant insert on queue_statistics.queue_destination_calls to reader", sql::kNoDeadline);
    BOOST_TEST(sql::renewed_rights(owner, sql::kNoDeadline) == "");
}

BOOST_AUTO_TEST_CASE(a_replaced_function_keeps_its_text_and_its_rights) {
    EmptyDatabase database;
    sql::Connection owner = test::connect(database.conninfo());
    sql::migrate(owner, kIgnore);
    owner.script(R"(create or replace function queue_statistics.credentials(username text)
        returns table (person bigint, password text, source cidr[], active boolean, login boolean, user_access smallint)
        language sql stable security definer set search_path = pg_catalog, pg_temp
        as $$ select 7::bigint, '*', '{}'::cidr[], true, true, 1::smallint where $1 = 'elsewhere' $$)",
                 sql::kNoDeadline);
    sql::migrate(owner, kIgnore, with_a_later_one());
    sql::grant(owner, sql::Grant::kReader, "reader", sql::kNoDeadline, kIgnore);
    test::Client store{{.conninfo = database.conninfo("reader")}};
    BOOST_TEST(store.credentials("elsewhere", std::nullopt).value().person == 7);
    BOOST_TEST(!store.credentials("nobody", std::nullopt));
}

BOOST_AUTO_TEST_SUITE_END()
