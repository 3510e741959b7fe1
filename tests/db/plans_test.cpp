#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "sql/store.hpp"
#include "tests/db/database.hpp"

namespace {

const std::filesystem::path kQueries{"sql/queries"};

/// The arguments of each statement. They name rows that exist.
const std::map<std::string, std::vector<sql::Parameter>> kArguments{
    {"credentials", {{"person 777"}, {"192.0.2.1"}}},
    {"token", {}},  // kToken makes them
    {"login", {{"777"}, {"person 777"}, {"720"}}},
    {"probe", {}},
    {"role", {{"reader"}}},
    {"grantees", {}},
    {"sharing_roles", {{"phone_system"}}},
    {"find_time_zone", {{"europe/berlin"}}},
    {"bind_phone_system", {{"phone_system"}, {"pbx1"}, {"777"}, {"false"}, {"Europe/Berlin"}}},
    {"server_encoding", {}},
    {"has_schema", {}},
    {"current_version", {}},
    {"queue_statistics", {{"777"}, {"77"}, {"{1230000000,253402300800}"}}},
    {"caller_statistics", {{"777"}, {"77"}, {"{1230000000,253402300800}"}}},
    {"destination_statistics", {{"777"}, {"777"}, {"{1230000000,253402300800}"}}},
};

/// A large provider: 5,000 customers, 5,000 people, 2,000 queues, 20,000 destinations, 100,000 offers and as many
/// callers, vacuumed and analysed. PostgreSQL rightly reads a smaller table, of a few pages, whole.
class Busy : public test::Database {
  public:
    Busy() {
        run(R"(
            insert into queue_statistics.customers (id, parent, name)
              select n, nullif((n - 1) / 4, 0), 'customer ' || n from generate_series(1, 5000) n;
            insert into queue_statistics.people (id, customer, role, username, password)
              select n, n % 5000 + 1, (select min(id) from queue_statistics.roles), 'person ' || n, '*'
                from generate_series(1, 5000) n;
            insert into queue_statistics.tokens (id, person, expires)
              select n, n, now() + interval '1 day' from generate_series(1, 5000) n;
            insert into queue_statistics.queues (id, customer, name)
              select n, n, 'queue ' || n from generate_series(1, 2000) n;
            insert into queue_statistics.queue_destinations (id, queue, dtype, dnumber)
              select n, n % 2000 + 1, 'phone', n from generate_series(1, 20000) n;
            insert into queue_statistics.queue_destination_calls
                (queue, destination, uniqueid, start, ringtime, outcome)
              select d.queue, d.id, 'call ' || n, to_timestamp(1230000000 + n * 1000), n % 60, 'no_answer'
                from generate_series(1, 100000) n
                join queue_statistics.queue_destinations d on d.id = n * 7 % 20000 + 1;
            insert into queue_statistics.queue_calls (queue, uniqueid, entered, waittime, outcome)
              select n * 7 % 2000 + 1, 'call ' || n, to_timestamp(1230000000 + n * 1000), n % 60, 'abandoned'
                from generate_series(1, 100000) n;
            insert into queue_statistics.rollup_watermarks (queue, width, watermark) select id, 46080, 21934080
              from queue_statistics.queues;
            truncate queue_statistics.rollup_dirty;
            insert into queue_statistics.rollup_dirty (queue, minute)
              select n % 2000 + 1, 20500000 + n from generate_series(1, 20000) n;
            insert into queue_statistics.rollup_sums
              select s.*
                from generate_series(1, 2000) queue
               cross join (select array_agg(m) starts, array_agg(m * 60::bigint) lows,
                                  array_agg((m + 46080) * 60::bigint) highs
                             from generate_series(20505600, 21888000, 46080) m) bucket
               cross join lateral queue_statistics.sums_of_calls(queue, null, 46080, lows, highs, starts) s;
            insert into queue_statistics.rollup_caller_sums
              select s.*
                from generate_series(1, 2000) queue
               cross join (select array_agg(m) starts, array_agg(m * 60::bigint) lows,
                                  array_agg((m + 46080) * 60::bigint) highs
                             from generate_series(20505600, 21888000, 46080) m) bucket
               cross join lateral queue_statistics.sums_of_callers(queue, 46080, lows, highs, starts) s)");
        run("vacuum analyze");
    }

    /// The plans of the statement and of the statements in its functions, as auto_explain tells them, on one line.
    std::string plans(const std::string& text, const std::vector<sql::Parameter>& arguments) {
        sql::Connection connection = test::connect(conninfo("postgres"), true);
        for (const auto& [name, setting] : sql::session_settings(std::chrono::seconds{5}, std::chrono::seconds{1}))
            connection.script("set " + name + " = " + setting, sql::kNoDeadline);
        connection.script(
            "set default_transaction_read_only = off; load 'auto_explain'; set auto_explain.log_min_duration = 0; set "
            "auto_explain.log_nested_statements = on; "
            "set auto_explain.log_level = notice",
            sql::kNoDeadline);
        std::string plans;
        connection.on_notice([&plans](std::string_view line) { plans += std::string{line} + '\n'; });
        connection.query({"explained", text.c_str()}, arguments, sql::kNoDeadline);
        return plans;
    }
};

/// The arguments of the statement token, of a token that holds: one per line.
constexpr const char* kToken = R"(
    select concat_ws(E'\n', t.person, ends, fp, t.id,
                     encode(sha256(convert_to(queue_statistics.spell_token(t.person, ends, fp, t.id), 'UTF8')), 'hex'))
      from queue_statistics.tokens t
      join queue_statistics.people p on p.id = t.person
     cross join lateral (select extract(epoch from t.expires)::bigint ends,
                                queue_statistics.token_fingerprint(p.password) fp) claims
     where t.id = 777)";

std::vector<sql::Parameter> token_arguments(test::Database& database) {
    std::vector<sql::Parameter> arguments;
    std::istringstream lines{database.value(kToken)};
    for (std::string line; std::getline(lines, line);) arguments.emplace_back(line);
    arguments.emplace_back("192.0.2.1");
    return arguments;
}

std::string contents(const std::filesystem::path& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(plans)

BOOST_FIXTURE_TEST_CASE(every_statement_of_the_store_is_served_by_indexes, Busy) {
    // The named tables have a handful of rows and may be read whole.
    const std::regex whole_table{
        "Seq Scan on "
        "(?!(roles|role_privileges|schema_version|token_key|token_epoch|phone_system_roles|pg_authid|pg_namespace) "
        ")[a-z_]+"};
    int statements = 0;
    for (const auto& file : std::filesystem::directory_iterator{kQueries}) {
        const std::string name = file.path().stem();
        BOOST_TEST_INFO_SCOPE(name);
        BOOST_REQUIRE_MESSAGE(kArguments.contains(name), "give kArguments its arguments");
        const auto arguments = name == "token" ? token_arguments(*this) : kArguments.at(name);
        const std::string found = plans(contents(file.path()), arguments);
        BOOST_TEST_INFO_SCOPE(found);
        BOOST_TEST(found.find("Query Text") != std::string::npos);
        BOOST_TEST(!std::regex_search(found, whole_table));
        if (name.ends_with("_statistics")) {
            const bool of_callers = name.starts_with("caller_");
            const std::string calls = of_callers ? "queue_calls_entered" : "queue_destination_calls_start";
            const std::string sums = of_callers ? "rollup_caller_sums_pkey" : "rollup_sums_pkey";
            BOOST_TEST(found.find("Index Only Scan using " + calls) != std::string::npos);
            BOOST_TEST(found.find("Index Scan using people_pkey") != std::string::npos);
            BOOST_TEST(found.find("Index Scan using rollup_watermarks_pkey") != std::string::npos);
            BOOST_TEST(found.find("using rollup_dirty_queue_minute") != std::string::npos);
            BOOST_TEST(found.find("using " + sums) != std::string::npos);
            // PostgreSQL inlines offers() and callers(), which it would otherwise plan again at each call.
            BOOST_TEST(found.find("Function Scan on offers") == std::string::npos);
            BOOST_TEST(found.find("Function Scan on callers") == std::string::npos);
            BOOST_TEST(found.find("GroupAggregate") == std::string::npos);
        }
        if (name == "token") BOOST_TEST(found.find("Index Scan using tokens_pkey") != std::string::npos);
        if (name == "credentials" || name == "token")
            BOOST_TEST(found.find("Index Scan using people_username_key") != std::string::npos);
        ++statements;
    }
    BOOST_TEST(statements == static_cast<int>(kArguments.size()));
}

BOOST_FIXTURE_TEST_CASE(a_whole_table_would_be_noticed, Busy) {
    const std::string found = plans("select count(*) from queue_statistics.people where active", {});
    BOOST_TEST(found.find("Seq Scan on people") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
