#define BOOST_TEST_DYN_LINK
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "core/figures.hpp"
#include "sql/store.hpp"
#include "tests/db/client.hpp"
#include "tests/db/database.hpp"

namespace {

constexpr core::Period kAlways{0, core::kNoEnd};

/// One call as the test knows it. start: microseconds since 1970.
struct Call {
    std::int64_t queue;
    std::int64_t destination;
    std::int64_t start;
    std::optional<std::int64_t> ringtime;
    std::optional<std::int64_t> holdtime;
    std::optional<std::int64_t> talktime;
    std::string outcome;
    bool in_progress;
};

/// One caller as the test knows it. entered: microseconds since 1970.
struct Caller {
    std::int64_t entered;
    std::optional<std::int64_t> waittime;
    std::optional<std::int64_t> talktime;
    std::string outcome;
    bool in_progress;
};

std::string literal(const std::optional<std::int64_t>& value) { return value ? std::to_string(*value) : "null"; }

/// Customer 1 with person 1, who sees its queues 1 (destinations 11, 12, 13), 2 (21) and 3 (none).
class Calls : public test::Database {
  public:
    Calls() {
        run(R"(
            insert into queue_statistics.customers (id, name) values (1, 'c'), (2, 'other');
            insert into queue_statistics.people (id, customer, role, username, password)
            select p.id, p.customer, r.id, p.username, '*'
              from queue_statistics.roles r, (values (1, 1, 'p'), (2, 2, 'stranger')) p (id, customer, username)
             where r.name = 'User';
            insert into queue_statistics.queues (id, customer, name)
              values (1, 1, 'one'), (2, 1, 'two'), (3, 1, 'empty');
            insert into queue_statistics.queue_destinations (id, queue, dtype, dnumber) values
              (11, 1, 'phone', '200'), (12, 1, 'phone', '1000'), (13, 1, 'Peer', 'x'), (21, 2, 'phone', '200'))");
    }

    void insert(const std::vector<Call>& calls) {
        std::string values;
        for (const Call& call : calls) {
            values += std::string{values.empty() ? "" : ", "} + "(" + std::to_string(call.queue) + ", " +
                      std::to_string(call.destination) + ", 'u', '1970-01-01 00:00:00+00'::timestamptz + " +
                      std::to_string(call.start / 1000000) + " * interval '1 s' + " +
                      std::to_string(call.start % 1000000) + " * interval '1 us', " + literal(call.ringtime) + ", " +
                      literal(call.holdtime) + ", " + literal(call.talktime) + ", '" + call.outcome + "', " +
                      (call.in_progress ? "true" : "false") + ")";
        }
        run("insert into queue_statistics.queue_destination_calls "
            "(queue, destination, uniqueid, start, ringtime, holdtime, talktime, outcome, in_progress) values " +
            values);
    }

    /// Inserts callers of queue 1.
    void insert(const std::vector<Caller>& callers) {
        std::string values;
        for (const Caller& caller : callers)
            values += std::string{values.empty() ? "" : ", "} + "(1, 'u', '1970-01-01 00:00:00+00'::timestamptz + " +
                      std::to_string(caller.entered / 1000000) + " * interval '1 s' + " +
                      std::to_string(caller.entered % 1000000) + " * interval '1 us', " + literal(caller.waittime) +
                      ", " + literal(caller.talktime) + ", '" + caller.outcome + "', " +
                      (caller.in_progress ? "true" : "false") + ")";
        run("insert into queue_statistics.queue_calls "
            "(queue, uniqueid, entered, waittime, talktime, outcome, in_progress) values " +
            values);
    }

    /// Inserts an answered call of destination 11 with that start.
    void insert_at(std::int64_t microseconds) { insert({{1, 11, microseconds, 1, 2, 3, "answered", false}}); }

    std::optional<std::vector<test::Destination>> queue(std::int64_t id, core::Period period = kAlways,
                                                        std::int64_t person = 1) {
        return store_.queue_statistics(person, id, period);
    }

    std::optional<test::Figures> destination(std::int64_t id, core::Period period = kAlways, std::int64_t person = 1) {
        return store_.destination_statistics(person, id, period);
    }

    std::optional<test::CallerFigures> callers(std::int64_t id, core::Period period = kAlways, std::int64_t person = 1,
                                               const std::string& levels = "", const std::string& short_abandon = "") {
        return store_.caller_statistics(person, id, period, levels, short_abandon);
    }

    std::vector<std::int64_t> ids_of(std::int64_t id, core::Period period = kAlways) {
        std::vector<std::int64_t> ids;
        const auto rows = queue(id, period).value();
        for (const auto& row : rows) ids.push_back(row.destination);
        return ids;
    }

  private:
    test::Client store_{{conninfo("reader")}};
};

test::Duration duration(const std::vector<std::int64_t>& seconds) {
    test::Duration duration;
    if (seconds.empty()) return duration;
    duration.sum = std::accumulate(seconds.begin(), seconds.end(), std::int64_t{0});
    duration.min = std::ranges::min(seconds);
    duration.max = std::ranges::max(seconds);
    duration.average = core::average_in_hundredths(duration.sum, static_cast<std::int64_t>(seconds.size()));
    return duration;
}

/// Computes the figures as README defines them, without SQL.
test::Figures computed(const std::vector<Call>& calls, std::int64_t destination, core::Period period) {
    test::Figures figures;
    std::map<std::string, std::int64_t*> outcomes{{"answered", &figures.answered},
                                                  {"no_answer", &figures.no_answer},
                                                  {"busy", &figures.busy},
                                                  {"cancelled", &figures.cancelled},
                                                  {"answered_elsewhere", &figures.answered_elsewhere},
                                                  {"failed", &figures.failed}};
    std::vector<std::int64_t> talktimes;
    std::vector<std::int64_t> ringtimes;
    std::vector<std::int64_t> holdtimes;
    for (const Call& call : calls) {
        if (call.destination != destination || call.start < period.start * 1000000 ||
            call.start >= period.end * 1000000)
            continue;
        ++*outcomes.at(call.outcome);
        figures.in_progress += call.in_progress ? 1 : 0;
        if (call.talktime) talktimes.push_back(*call.talktime);
        if (call.ringtime) ringtimes.push_back(*call.ringtime);
        if (call.holdtime) holdtimes.push_back(*call.holdtime);
        const std::int64_t second = call.start / 1000000;
        figures.first_call = std::min(figures.first_call.value_or(second), second);
        figures.last_call = std::max(figures.last_call.value_or(second), second);
    }
    figures.talktime = duration(talktimes);
    figures.ringtime = duration(ringtimes);
    figures.holdtime = duration(holdtimes);
    return figures;
}

std::vector<Call> random_calls(std::mt19937& random, std::size_t count, std::int64_t from, std::int64_t until) {
    const auto below = [&random](std::int64_t bound) {
        return std::uniform_int_distribution<std::int64_t>{0, bound - 1}(random);
    };
    const std::vector<std::string> outcomes{"answered",  "no_answer",          "busy",
                                            "cancelled", "answered_elsewhere", "failed"};
    std::vector<Call> calls;
    for (std::size_t i = 0; i < count; ++i) {
        Call call{1, 11 + below(3), from * 1000000 + below((until - from) * 1000000), {}, {}, {}, "", false};
        if (below(4) == 0) call.start -= call.start % 1000000;  // many calls start on a whole second
        call.outcome = outcomes[static_cast<std::size_t>(below(6))];
        if (call.outcome != "busy" && below(5) != 0) call.ringtime = below(60);
        if (call.outcome == "answered") {
            if (below(5) != 0) call.holdtime = below(600);
            if (below(5) != 0) call.talktime = below(2) == 0 ? below(3) : 2147483647 - below(1000);
            call.in_progress = !call.talktime && below(2) == 0;
        }
        calls.push_back(call);
    }
    return calls;
}

void put(test::CallerFigures& figures, const std::string& name, const std::vector<std::int64_t>& seconds) {
    const test::Duration found = duration(seconds);
    figures[name + "_sum"] = found.sum;
    figures[name + "_min"] = found.min;
    figures[name + "_max"] = found.max;
    figures[name + "_avg"] = found.average;
}

/// Computes the figures of callers as README defines them, without SQL and without bins.
test::CallerFigures computed(const std::vector<Caller>& all, core::Period period,
                             const std::vector<std::int64_t>& levels, std::int64_t short_abandon) {
    std::vector<Caller> callers;
    for (const Caller& caller : all)
        if (caller.entered >= period.start * 1000000 && caller.entered < period.end * 1000000)
            callers.push_back(caller);
    const auto count = [&callers](const auto& condition) { return std::ranges::count_if(callers, condition); };
    const auto within = [&count](const std::string& outcome, std::int64_t seconds) {
        return count([&](const Caller& c) { return c.outcome == outcome && c.waittime && *c.waittime <= seconds; });
    };
    test::CallerFigures figures;
    for (const std::string outcome :
         {"answered", "waiting", "abandoned", "timeout", "key", "empty", "other", "refused"})
        figures["calls_" + outcome] = count([&](const Caller& caller) { return caller.outcome == outcome; });
    std::erase_if(callers, [](const Caller& caller) { return caller.outcome == "refused"; });
    const auto calls = static_cast<std::int64_t>(callers.size());
    figures["calls"] = calls;
    figures["calls_in_progress"] = count([](const Caller& caller) { return caller.in_progress; });

    std::vector<std::int64_t> talktimes, holdtimes, abandontimes, waittimes;
    figures["waiting_since"] = figures["first_call"] = figures["last_call"] = std::nullopt;
    for (const Caller& caller : callers) {
        if (caller.talktime) talktimes.push_back(*caller.talktime);
        if (caller.waittime) waittimes.push_back(*caller.waittime);
        if (caller.waittime && caller.outcome == "answered") holdtimes.push_back(*caller.waittime);
        if (caller.waittime && caller.outcome == "abandoned") abandontimes.push_back(*caller.waittime);
        const std::int64_t second = caller.entered / 1000000;
        const auto least = [second](std::optional<std::int64_t>& figure) {
            figure = std::min(figure.value_or(second), second);
        };
        least(figures["first_call"]);
        if (caller.outcome == "waiting") least(figures["waiting_since"]);
        figures["last_call"] = std::max(figures["last_call"].value_or(second), second);
    }
    put(figures, "talktime", talktimes);
    put(figures, "holdtime", holdtimes);
    put(figures, "abandontime", abandontimes);
    put(figures, "waittime", waittimes);

    figures["calls_abandoned_short"] = within("abandoned", short_abandon);
    const std::int64_t divisor = calls - *figures["calls_waiting"] - *figures["calls_abandoned_short"];
    for (const std::int64_t level : levels) {
        const std::string seconds = std::to_string(level);
        figures["calls_answered_within_" + seconds] = within("answered", level);
        figures["calls_abandoned_within_" + seconds] = within("abandoned", level);
        auto& percent = figures["service_level_" + seconds];
        if (divisor > 0) percent = (within("answered", level) * 20000 + divisor) / (2 * divisor);
    }
    return figures;
}

std::vector<Caller> random_callers(std::mt19937& random, std::size_t count, std::int64_t from, std::int64_t until) {
    const auto below = [&random](std::int64_t bound) {
        return std::uniform_int_distribution<std::int64_t>{0, bound - 1}(random);
    };
    const std::vector<std::string> outcomes{"answered", "abandoned", "answered", "abandoned", "timeout",
                                            "key",      "empty",     "other",    "waiting",   "refused"};
    std::vector<Caller> callers;
    for (std::size_t i = 0; i < count; ++i) {
        Caller caller{from * 1000000 + below((until - from) * 1000000), {}, {}, "", false};
        if (below(4) == 0) caller.entered -= caller.entered % 1000000;  // many callers enter on a whole second
        caller.outcome = outcomes[static_cast<std::size_t>(below(10))];
        const bool has_wait = caller.outcome != "waiting" && caller.outcome != "refused" && below(8) != 0;
        if (has_wait) caller.waittime = below(3) == 0 ? below(1000) : below(70);
        if (caller.outcome == "answered") {
            if (below(5) != 0) caller.talktime = below(2) == 0 ? below(3) : 2147483647 - below(1000);
            caller.in_progress = !caller.talktime && below(2) == 0;
        }
        callers.push_back(caller);
    }
    return callers;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(statistics)

BOOST_FIXTURE_TEST_CASE(figures_equal_an_independent_computation, Calls) {
    const unsigned seed = std::random_device{}();
    BOOST_TEST_INFO_SCOPE("seed " << seed);
    std::mt19937 random{seed};
    const std::vector<Call> calls = random_calls(random, 2000, 1230000000, 1230000400);
    insert(calls);
    for (int i = 0; i < 100; ++i) {
        std::uniform_int_distribution<std::int64_t> second{1229999990, 1230000410};
        core::Period period{second(random), second(random)};
        if (period.start > period.end) std::swap(period.start, period.end);
        if (i == 0) period = kAlways;
        BOOST_TEST_INFO_SCOPE("period " << period.start << " to " << period.end);
        const auto rows = queue(1, period).value();
        BOOST_REQUIRE(rows.size() == 3);
        for (const auto& row : rows) {
            const test::Figures expected = computed(calls, row.destination, period);
            BOOST_CHECK(row.statistics == expected);
            BOOST_CHECK(destination(row.destination, period) == expected);
        }
    }
}

// Over 2,000 callers are added up by SQL, fewer by core.
BOOST_FIXTURE_TEST_CASE(figures_of_callers_equal_an_independent_computation, Calls) {
    const unsigned seed = std::random_device{}();
    BOOST_TEST_INFO_SCOPE("seed " << seed);
    std::mt19937 random{seed};
    const std::vector<Caller> all = random_callers(random, 3000, 1230000000, 1230000400);
    insert(all);
    const std::vector<std::pair<std::string, std::vector<std::int64_t>>> levels{
        {"20", {20}}, {"60,5,20", {60, 5, 20}}, {"900,3,600,15,25", {900, 3, 600, 15, 25}}};
    for (std::size_t i = 0; i < 100; ++i) {
        std::uniform_int_distribution<std::int64_t> second{1229999990, 1230000410};
        core::Period period{second(random), second(random)};
        if (period.start > period.end) std::swap(period.start, period.end);
        if (i < 9) period = kAlways;
        const auto& [text, seconds] = levels[i % 3];
        const std::int64_t short_abandon = std::array{0, 5, 30}[i / 3 % 3];
        BOOST_TEST_INFO_SCOPE("period " << period.start << " to " << period.end << ", levels " << text << ", short "
                                        << short_abandon);
        const test::CallerFigures found = callers(1, period, 1, text, std::to_string(short_abandon)).value();
        const test::CallerFigures expected = computed(all, period, seconds, short_abandon);
        BOOST_TEST(found.size() == expected.size());
        for (const auto& [name, number] : expected)
            BOOST_TEST((found.contains(name) && found.at(name) == number), name);
    }
}

BOOST_FIXTURE_TEST_CASE(a_caller_is_in_the_next_answer_and_so_is_what_becomes_of_it, Calls) {
    const auto figure = [this](const char* name) { return callers(1).value().at(name); };
    BOOST_TEST(figure("calls").value() == 0);
    BOOST_TEST(!figure("last_call"));
    insert({Caller{1230000000999999, {}, {}, "waiting", false}});
    BOOST_TEST(figure("waiting_since").value() == 1230000000);
    run("update queue_statistics.queue_calls set outcome = 'answered', waittime = 7, in_progress = true");
    BOOST_TEST(!figure("waiting_since"));
    BOOST_TEST(figure("holdtime_sum").value() == 7);
    BOOST_TEST(figure("calls_in_progress").value() == 1);
    run("update queue_statistics.queue_calls set talktime = 9, in_progress = false");
    BOOST_TEST(figure("talktime_sum").value() == 9);
    BOOST_TEST(figure("calls_in_progress").value() == 0);
    run("delete from queue_statistics.queue_calls");
    BOOST_TEST(figure("calls").value() == 0);
}

BOOST_FIXTURE_TEST_CASE(a_period_holds_its_start_and_not_its_end, Calls) {
    for (const std::int64_t start : {999999999999, 1000000000000, 1000000000001, 1000999999999, 1001000000000})
        insert_at(start);
    const auto calls_in = [this](std::int64_t start, std::int64_t end) {
        return destination(11, {start, end}).value().calls();
    };
    BOOST_TEST(calls_in(1000000, 1000001) == 2);
    BOOST_TEST(calls_in(1000000, 1001000) == 3);
    BOOST_TEST(calls_in(1000000, 1001001) == 4);
    BOOST_TEST(calls_in(999999, 1000000) == 1);
    BOOST_TEST(calls_in(1000000, 1000000) == 0);
    BOOST_TEST(calls_in(1000001, 1001000) == 1);
}

BOOST_FIXTURE_TEST_CASE(the_ends_of_time_are_in_an_unbounded_period, Calls) {
    insert_at(0);
    insert_at(core::kNoEnd * 1000000 - 1);
    const auto all = destination(11).value();
    BOOST_TEST(all.calls() == 2);
    BOOST_TEST(all.first_call.value() == 0);
    BOOST_TEST(all.last_call.value() == core::kMaxTime);
    BOOST_TEST(destination(11, {0, core::kMaxTime}).value().calls() == 1);
    BOOST_TEST(destination(11, {1, core::kNoEnd}).value().calls() == 1);
}

BOOST_FIXTURE_TEST_CASE(first_and_last_call_are_rounded_down, Calls) {
    insert_at(1230000000999999);
    BOOST_TEST(destination(11).value().first_call.value() == 1230000000);
    BOOST_TEST(destination(11).value().last_call.value() == 1230000000);
    insert_at(946684799999999);  // PostgreSQL counts from 2000, so this is a negative moment
    BOOST_TEST(destination(11).value().first_call.value() == 946684799);
}

BOOST_FIXTURE_TEST_CASE(a_destination_without_calls_has_zeros_and_nothing, Calls) {
    BOOST_CHECK(destination(11).value() == test::Figures{});
    const auto rows = queue(1).value();
    BOOST_REQUIRE(rows.size() == 3);
    for (const auto& row : rows) BOOST_CHECK(row.statistics == test::Figures{});
}

BOOST_FIXTURE_TEST_CASE(sums_are_exact_beyond_32_bits, Calls) {
    run("insert into queue_statistics.queue_destination_calls (queue, destination, uniqueid, start, talktime, outcome) "
        "select 1, 11, 'u', now(), 2147483647, 'answered' from generate_series(1, 1000)");
    BOOST_TEST(destination(11).value().talktime.sum == 2147483647000);
    BOOST_TEST(queue(1).value().at(2).statistics.talktime.sum == 2147483647000);
}

BOOST_FIXTURE_TEST_CASE(destinations_are_in_bytewise_order_of_type_then_number, Calls) {
    BOOST_CHECK((ids_of(1) == std::vector<std::int64_t>{13, 12, 11}));
    run(R"(insert into queue_statistics.queue_destinations (id, queue, dtype, dnumber) values
           (14, 1, 'phone', U&'\00e9'), (15, 1, 'phone', 'z'), (16, 1, 'phone', 'A'), (17, 1, 'phone', 'a'))");
    BOOST_CHECK((ids_of(1) == std::vector<std::int64_t>{13, 12, 11, 16, 17, 15, 14}));
}

BOOST_FIXTURE_TEST_CASE(texts_arrive_as_they_are, Calls) {
    run(R"(insert into queue_statistics.queue_destinations (id, queue, dtype, dnumber)
           values (31, 3, 'a"b''c\d', U&'\+01F600 \0001' || chr(10) || '%s'))");
    const auto row = queue(3).value().at(0);
    BOOST_TEST(row.dtype == "a\"b'c\\d");
    BOOST_TEST(row.dnumber == "\xf0\x9f\x98\x80 \x01\n%s");
}

BOOST_FIXTURE_TEST_CASE(a_removed_destination_counts_in_the_periods_of_its_calls, Calls) {
    insert_at(1230000000000000);
    run("update queue_statistics.queue_destinations set removed = 'infinity' where id = 11");
    BOOST_CHECK((ids_of(1) == std::vector<std::int64_t>{13, 12, 11}));
    BOOST_CHECK((ids_of(1, {1230000000, 1230000001}) == std::vector<std::int64_t>{13, 12, 11}));
    BOOST_CHECK((ids_of(1, {1230000001, core::kNoEnd}) == std::vector<std::int64_t>{13, 12}));
    BOOST_TEST(destination(11).value().calls() == 1);
    BOOST_TEST(destination(11, {5, 6}).value().calls() == 0);
    run("update queue_statistics.queue_destinations set removed = null where id = 11");
    BOOST_CHECK((ids_of(1, {5, 6}) == std::vector<std::int64_t>{13, 12, 11}));
}

BOOST_FIXTURE_TEST_CASE(a_queue_without_destinations_is_empty_and_not_absent, Calls) {
    BOOST_REQUIRE(queue(3).has_value());
    BOOST_TEST(queue(3)->empty());
    run("update queue_statistics.queue_destinations set removed = now() where queue = 2");
    BOOST_TEST(queue(2).value().empty());
    BOOST_TEST(destination(21).has_value());
}

BOOST_FIXTURE_TEST_CASE(what_one_may_not_see_is_absent, Calls) {
    insert_at(1230000000000000);
    for (const std::int64_t person : {2, 999}) {
        BOOST_TEST(!queue(1, kAlways, person).has_value());
        BOOST_TEST(!queue(3, kAlways, person).has_value());
        BOOST_TEST(!destination(11, kAlways, person).has_value());
        BOOST_TEST(!callers(1, kAlways, person).has_value());
    }
    for (const std::int64_t id : {std::int64_t{999}, INT64_MAX}) {
        BOOST_TEST(!queue(id).has_value());
        BOOST_TEST(!callers(id).has_value());
        BOOST_TEST(!destination(id).has_value());
    }
    run("update queue_statistics.queues set deleted = true where id = 1");
    BOOST_TEST(!queue(1).has_value());
    BOOST_TEST(!destination(11).has_value());
    BOOST_TEST(!callers(1).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_sites_own_permission_never_shows_a_deleted_or_absent_queue, Calls) {
    run(R"(create or replace function queue_statistics.may_see_queue(person bigint, queue bigint) returns boolean
           language sql stable security definer set search_path = pg_catalog, pg_temp as 'select true';
           update queue_statistics.queues set deleted = true where id = 2)");
    BOOST_TEST(queue(1, kAlways, 2).has_value());
    BOOST_TEST(callers(1, kAlways, 2).has_value());
    BOOST_TEST(!queue(2).has_value());
    BOOST_TEST(!destination(21).has_value());
    BOOST_TEST(!callers(2).has_value());
    BOOST_TEST(!queue(999).has_value());
    BOOST_TEST(!callers(999).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_call_is_in_the_next_answer_and_so_is_its_end, Calls) {
    insert({{1, 11, 1230000000000000, 5, 6, std::nullopt, "answered", true}});
    BOOST_TEST(destination(11).value().in_progress == 1);
    BOOST_TEST(!destination(11).value().talktime.average);
    run("update queue_statistics.queue_destination_calls set talktime = 9, in_progress = false");
    BOOST_TEST(destination(11).value().in_progress == 0);
    BOOST_TEST(destination(11).value().talktime.sum == 9);
    run("delete from queue_statistics.queue_destination_calls");
    BOOST_CHECK(destination(11).value() == test::Figures{});
}

BOOST_AUTO_TEST_SUITE_END()
