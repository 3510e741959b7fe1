#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
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
    {"node", {}},
    {"role", {{"reader"}}},
    {"grantees", {}},
    {"sharing_roles", {{"phone_system"}}},
    {"find_time_zone", {{"europe/berlin"}}},
    {"bind_phone_system", {{"phone_system"}, {"pbx1"}, {"777"}, {"false"}, {"Europe/Berlin"}}},
    {"server_encoding", {}},
    {"has_schema", {}},
    {"current_version", {}},
    {"queue_statistics", {{"777"}, {"77"}, {"{1230000000,253402300800}"}, {}}},
    {"caller_statistics", {{"777"}, {"77"}, {"{1230000000,253402300800}"}, {}}},
    {"caller_span", {{"777"}, {"77"}, {"1230000000"}, {"253402300800"}}},
    {"destination_statistics", {{"777"}, {"777"}, {"{1230000000,253402300800}"}, {}}},
    {"list_queues", {{"777"}, {"0"}, {"name"}, {"f"}, {"100"}, {"100"}}},
    {"count_queues", {{"777"}, {"778"}}},
    {"find_queue", {{"777"}, {"778"}}},
    {"list_destinations", {{"777"}, {"778"}}},
    {"list_destinations_by_number", {{"777"}, {"phone"}, {"777"}}},
    {"find_destination", {{"777"}, {"777"}}},
    {"find_destination_by_number", {{"777"}, {"778"}, {"phone"}, {"777"}}},
};

/// What serves the statements of lists, beside the visibility.
const std::map<std::string, std::vector<std::string>> kIndexes{
    {"list_queues",
     {"Index Only Scan using queues_customer_name", "Index Only Scan Backward using queues_customer_name",
      "Index Only Scan using queues_customer_id", "Index Only Scan Backward using queues_customer_id"}},
    {"count_queues", {"Index Only Scan using queues_customer_"}},
    {"find_queue", {"Index Scan using queues_pkey"}},
    {"list_destinations", {"Index Scan using queues_pkey", "queue_destinations_queue_dtype_dnumber_key"}},
    {"list_destinations_by_number",
     {"queue_destinations_number", "using queues_pkey", "Index Scan using customers_pkey"}},
    {"find_destination", {"using queue_destinations_id_key", "using queues_pkey"}},
    {"find_destination_by_number",
     {"Index Cond: ((dtype = $3) AND (dnumber = $4) AND (queue = $2))", "using queues_pkey"}},
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

/// How many blocks of tables and indexes a statement reads.
int blocks_of(test::Database& database, const std::string& statement) {
    const std::string plan = database.value("explain (analyze, buffers, format json) " + statement);
    std::smatch found;  // those of the whole statement come first
    BOOST_REQUIRE(std::regex_search(plan, found, std::regex{"\"Shared Hit Blocks\": (\\d+)"}));
    std::smatch read;
    BOOST_REQUIRE(std::regex_search(plan, read, std::regex{"\"Shared Read Blocks\": (\\d+)"}));
    return std::stoi(found[1]) + std::stoi(read[1]);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(plans)

BOOST_FIXTURE_TEST_CASE(every_statement_of_the_store_is_served_by_indexes, Busy) {
    // The named tables have a handful of rows and may be read whole.
    const std::regex whole_table{
        "Seq Scan on "
        "(?!(roles|role_privileges|schema_version|token_key|token_epoch|phone_system_roles|shard|pg_authid|"
        "pg_namespace|pg_foreign_server|pg_foreign_data_wrapper) "
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
            BOOST_TEST(found.find("GroupAggregate") == std::string::npos);
        }
        // PostgreSQL inlines the functions of 12_rollup_read.sql and 16_doors.sql that statements call, which it would
        // otherwise plan again at each call.
        BOOST_TEST(!std::regex_search(found, std::regex{"Function Scan on (offers|callers|caller_span|destination)"}));
        if (name == "token") BOOST_TEST(found.find("Index Scan using tokens_pkey") != std::string::npos);
        if (name == "credentials" || name == "token")
            BOOST_TEST(found.find("Index Scan using people_username_key") != std::string::npos);
        if (const auto indexes = kIndexes.find(name); indexes != kIndexes.end()) {
            for (const std::string& index : indexes->second)
                BOOST_TEST(found.find(index) != std::string::npos, "no " << index);
            BOOST_TEST(found.find("Index Scan using people_pkey") != std::string::npos);
        }
        ++statements;
    }
    BOOST_TEST(statements == static_cast<int>(kArguments.size()));
}

BOOST_FIXTURE_TEST_CASE(a_page_reads_little_however_much_is_stored, test::Database) {
    // A customer with 50,000 queues, whom person 1 sees by the privilege `system`; a reseller, person 2, with 10,000
    // customers, of which one has a queue. Nothing was analysed or vacuumed.
    run(R"(
        insert into queue_statistics.customers (id, parent, name)
          select n, case when n > 2 then 2 end, 'customer ' || n from generate_series(1, 10002) n;
        insert into queue_statistics.people (id, customer, role, username, password)
          select v.id, v.customer, r.id, r.name, '*'
            from (values (1, 3, 'System owner'), (2, 2, 'Reseller')) v (id, customer, role)
            join queue_statistics.roles r on r.name = v.role;
        insert into queue_statistics.queues (id, customer, name)
          select n, 1, 'queue ' || n * 7919 % 50000 from generate_series(1, 50000) n;
        insert into queue_statistics.queues (id, customer, name) values (60000, 9999, 'the one');
        insert into queue_statistics.queue_destinations (queue, dtype, dnumber) values (60000, 'phone', '1'))");
    const auto blocks = [this](const std::string& statement, const std::string& arguments) {
        run("set search_path = pg_catalog; set plan_cache_mode = force_generic_plan; deallocate all; "
            "prepare asked as " +
            contents(kQueries / (statement + ".sql")));
        return blocks_of(*this, "execute asked(" + arguments + ")");
    };
    for (const char* order : {"'name', false", "'name', true", "'id', false", "'id', true"})
        BOOST_TEST(blocks("list_queues", "1, 1, " + std::string{order} + ", 100, 50") < 400, order);
    BOOST_TEST(blocks("list_queues", "2, 9999, 'name', false, 0, 0") < 60);
    BOOST_TEST(blocks("list_queues", "2, 0, 'name', false, 0, 0") < 60);
    BOOST_TEST(blocks("count_queues", "2, 9999") < 60);
    BOOST_TEST(blocks("find_queue", "1, 60000") < 60);
    for (const char* person : {"1", "2"}) {
        BOOST_TEST(blocks("list_destinations_by_number", std::string{person} + ", 'phone', '1'") < 60);
        BOOST_TEST(blocks("find_destination_by_number", std::string{person} + ", 60000, 'phone', '1'") < 60);
    }
}

BOOST_FIXTURE_TEST_CASE(a_series_is_served_by_indexes, Busy) {
    // Months that are buckets of the roll-up, periods that are not, and a profile.
    const std::vector<std::pair<sql::Parameter, sql::Parameter>> series{
        {{"{1260748800,1263513600,1266278400,1269043200,1271808000,1274572800}"}, {}},
        {{"{1241308801,1249603202,1257897603,1266192004,1274486405}"}, {}},
        {{"{1260748800,1263513600,1266278400,1269043200,1271808000,1274572800}"}, {"{0,1,2,0,1}"}}};
    for (const std::string name : {"queue_statistics", "caller_statistics", "destination_statistics"}) {
        for (const auto& [edges, labels] : series) {
            const std::string found = plans(contents(kQueries / (name + ".sql")),
                                            {kArguments.at(name)[0], kArguments.at(name)[1], edges, labels});
            BOOST_TEST_INFO_SCOPE(name << ": " << found);
            BOOST_TEST(!std::regex_search(found, std::regex{"Seq Scan on (?!role)"}));
            BOOST_TEST(found.find("using rollup_watermarks_pkey") != std::string::npos);
            const std::string sums = name == "caller_statistics" ? "rollup_caller_sums_pkey" : "rollup_sums_pkey";
            BOOST_TEST(found.find("using " + sums) != std::string::npos);
            BOOST_TEST(found.find("GroupAggregate") == std::string::npos);
        }
    }
}

BOOST_FIXTURE_TEST_CASE(a_whole_table_would_be_noticed, Busy) {
    const std::string found = plans("select count(*) from queue_statistics.people where active", {});
    BOOST_TEST(found.find("Seq Scan on people") != std::string::npos);
}

// A text of 19 kB, which does not compress, is 10 blocks of its own.
BOOST_FIXTURE_TEST_CASE(of_the_problems_of_a_week_the_newest_texts_alone_are_read, test::Database) {
    run(R"(
        insert into queue_statistics.event_problems (source, problem, event)
          select 'pbx', 'the time cannot be read', t.text
            from generate_series(1, 300) n
           cross join lateral (select string_agg(md5(n || '.' || k), '') as text from generate_series(1, 600) k) t)");
    BOOST_TEST(value("select events from queue_statistics.event_problem_kinds") == "300");
    BOOST_TEST(blocks_of(*this, "select * from queue_statistics.event_problem_kinds") < 100);
}

BOOST_AUTO_TEST_SUITE_END()
