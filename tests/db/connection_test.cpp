#define BOOST_TEST_DYN_LINK
#include "sql/connection.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/db/database.hpp"

using core::StoreFailure;

BOOST_AUTO_TEST_SUITE(connection)

BOOST_AUTO_TEST_CASE(parameters_arrive_as_they_are_and_null_is_null) {
    for (const bool prepare : {true, false}) {
        sql::Connection connection = test::connect("", prepare);
        const std::string text = "a'b\"c\\d $1 \xf0\x9f\x98\x80";
        const sql::Rows rows = connection.query({"echo", "select $1::text, $2::text, $3::bigint"},
                                                {text, std::nullopt, "-9223372036854775808"}, sql::kNoDeadline);
        BOOST_TEST(rows.size() == 1);
        BOOST_TEST(rows.columns() == 3);
        BOOST_TEST(rows.text(0, 0) == text);
        BOOST_TEST(rows.is_null(0, 1));
        BOOST_TEST(!rows.optional_integer(0, 1).has_value());
        BOOST_TEST(rows.integer(0, 2) == INT64_MIN);
        BOOST_CHECK_THROW(rows.integer(0, 0), StoreFailure);
        BOOST_CHECK_THROW(rows.integer(0, 1), StoreFailure);
    }
}

BOOST_AUTO_TEST_CASE(a_connection_string_that_libpq_cannot_read_is_told_before_it_is_used) {
    for (const char* right :
         {"", "host=/run dbname=x", "postgresql://u:p@h:1/d?sslmode=require", "password='top secret'"})
        BOOST_TEST(sql::is_conninfo(right), right);
    for (const char* wrong : {"host=/x password=top secretword", "dbnam=y", "="})
        BOOST_TEST(!sql::is_conninfo(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(a_failed_statement_keeps_the_connection) {
    sql::Connection connection = test::connect("", true);
    BOOST_TEST(test::sqlstate_of([&] { connection.query({"bad", "select 1 / 0"}, {}, sql::kNoDeadline); }) == "22012");
    BOOST_TEST(test::sqlstate_of([&] { connection.query({"worse", "selec"}, {}, sql::kNoDeadline); }) == "42601");
    BOOST_TEST(test::sqlstate_of([&] { connection.script("select 1; select 1 / 0; select 2", sql::kNoDeadline); }) ==
               "22012");
    BOOST_TEST(connection.is_open());
    BOOST_TEST(connection.query({"good", "select 1"}, {}, sql::kNoDeadline).integer(0, 0) == 1);
}

BOOST_AUTO_TEST_CASE(a_copy_takes_pieces_that_end_anywhere) {
    sql::Connection connection = test::connect("");
    connection.script("create temp table copied (n integer, t text)", sql::kNoDeadline);
    connection.copy_begin("copy copied from stdin", sql::kNoDeadline);
    std::string all;
    for (int i = 0; i < 200000; ++i) all += std::to_string(i) + "\ttext of " + std::to_string(i) + "\n";
    connection.copy_put(all.substr(0, 7), sql::kNoDeadline);
    connection.copy_put(all.substr(7), sql::kNoDeadline);
    BOOST_TEST(connection.copy_end(sql::kNoDeadline) == 200000);
    BOOST_TEST(test::value(connection, "select sum(n) from copied") == "19999900000");
}

BOOST_AUTO_TEST_CASE(a_refused_copy_says_why_and_the_connection_goes_on) {
    sql::Connection connection = test::connect("");
    connection.script("create temp table copied (n integer check (n > 0))", sql::kNoDeadline);
    BOOST_TEST(test::sqlstate_of([&] { connection.copy_begin("copy nothing from stdin", sql::kNoDeadline); }) ==
               "42P01");
    connection.copy_begin("copy copied from stdin", sql::kNoDeadline);
    connection.copy_put("1\n0\n", sql::kNoDeadline);
    BOOST_TEST(test::sqlstate_of([&] { connection.copy_end(sql::kNoDeadline); }) == "23514");
    connection.copy_begin("copy copied from stdin", sql::kNoDeadline);
    connection.copy_put("x\n", sql::kNoDeadline);
    BOOST_TEST(test::sqlstate_of([&] { connection.copy_end(sql::kNoDeadline); }) == "22P02");
    BOOST_TEST(test::value(connection, "select count(*) from copied") == "0");
}

BOOST_AUTO_TEST_CASE(a_copy_where_none_is_expected_is_broken_and_does_not_hang) {
    sql::Connection connection = test::connect("");
    for (const char* text : {"copy pg_class to stdout", "create temp table t (); copy t from stdin"}) {
        BOOST_CHECK_EXCEPTION(connection.script(text, sql::kNoDeadline), sql::Failure, [](const sql::Failure& failure) {
            return failure.kind() == StoreFailure::Kind::kBroken;
        });
        BOOST_TEST(!connection.is_open());
    }
    BOOST_CHECK_EXCEPTION(connection.copy_begin("select 1", sql::kNoDeadline), sql::Failure,
                          [](const sql::Failure& failure) { return failure.kind() == StoreFailure::Kind::kBroken; });
}

BOOST_AUTO_TEST_CASE(an_abandoned_transaction_leaves_nothing) {
    test::EmptyDatabase database;
    sql::Connection connection = test::connect(database.conninfo("postgres"));
    connection.script("create table t (n integer)", sql::kNoDeadline);
    try {
        sql::Transaction transaction{connection, sql::kNoDeadline};
        connection.script("insert into t values (1)", sql::kNoDeadline);
        connection.script("insert into t values (1 / 0)", sql::kNoDeadline);
        transaction.commit(sql::kNoDeadline);
    } catch (const sql::Failure&) {
    }
    BOOST_TEST(test::value(connection, "select count(*) from t") == "0");
    sql::Transaction transaction{connection, sql::kNoDeadline};
    connection.script("insert into t values (1)", sql::kNoDeadline);
    transaction.commit(sql::kNoDeadline);
    BOOST_TEST(test::value(connection, "select count(*) from t") == "1");
}

BOOST_AUTO_TEST_CASE(notices_go_to_the_receiver_and_nowhere_else) {
    sql::Connection connection = test::connect("");
    const char* notice = "do $$ begin raise notice E'two\\nlines'; raise warning 'w'; end $$";
    connection.script(notice, sql::kNoDeadline);
    std::vector<std::string> received;
    connection.on_notice([&](std::string_view line) { received.emplace_back(line); });
    connection.script(notice, sql::kNoDeadline);
    BOOST_CHECK((received == std::vector<std::string>{"two lines", "w"}));
}

BOOST_AUTO_TEST_CASE(text_is_utf8_whatever_the_environment_says) {
    setenv("PGCLIENTENCODING", "LATIN1", 1);
    sql::Connection connection = test::connect("");
    unsetenv("PGCLIENTENCODING");
    BOOST_TEST(test::value(connection, "show client_encoding") == "UTF8");
    BOOST_TEST(test::value(connection, "select U&'\\00e9'") == "\xc3\xa9");
}

BOOST_AUTO_TEST_CASE(a_session_that_cannot_be_set_up_is_not_a_connection) {
    sql::Connection connection{{"", "db-tests", {"set jit = off", "set no_such_setting = 1"}, true}};
    BOOST_CHECK_EXCEPTION(connection.open(sql::kNoDeadline), sql::Failure, [](const sql::Failure& failure) {
        return failure.kind() == StoreFailure::Kind::kUnavailable && failure.sqlstate() == "42704";
    });
    BOOST_TEST(!connection.is_open());
}

BOOST_AUTO_TEST_CASE(identifiers_are_quoted) {
    sql::Connection connection = test::connect("");
    BOOST_TEST(connection.quoted_identifier("a\"b; c") == "\"a\"\"b; c\"");
    BOOST_CHECK_THROW(connection.quoted_identifier("\xff"), sql::Failure);
}

BOOST_AUTO_TEST_CASE(the_application_name_is_ours_unless_the_conninfo_has_one) {
    sql::Connection ours = test::connect("");
    BOOST_TEST(test::value(ours, "show application_name") == "db-tests");
    sql::Connection theirs = test::connect("application_name=theirs");
    BOOST_TEST(test::value(theirs, "show application_name") == "theirs");
}

BOOST_AUTO_TEST_SUITE_END()
