/// Lists of queues and destinations: who may see them, in step with the statistics, and their pages.

#define BOOST_TEST_DYN_LINK
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/access/login.hpp"
#include "core/function.hpp"
#include "core/parameters.hpp"
#include "core/period.hpp"
#include "sql/store.hpp"
#include "tests/db/database.hpp"

namespace {

/// A database, and the functions of the API as the responder's role asks them.
class Listed : public test::Database {
  public:
    /// The first cells of the rows of an answer, in their order; a refusal as "404 id".
    std::vector<std::string> ask(const char* path, std::int64_t person, const std::string& query) {
        const core::Function& function = *core::find_function(path);
        const auto parameters = core::read_parameters(function.parameters, core::access::login_parameters(), query, "");
        const auto question = function.ask(*parameters);
        BOOST_REQUIRE(question);
        core::Request request{.now = sql::Clock::now(), .deadline = sql::kNoDeadline};
        const core::RowsPointer rows = store_.ask(request, person, *question);
        const auto reply = question->answer(*question, *rows);
        if (!reply) {
            const core::Refusal& refusal = reply.refusals().front();
            return {std::to_string(core::status_of(refusal.code)) + " " + std::string{refusal.key}};
        }
        std::vector<std::string> cells;
        const auto* const answer = std::get_if<core::Answer>(&*reply);
        for (std::size_t row = 0; row < answer->rows(); ++row)
            cells.push_back(std::to_string(answer->row(row)[0].number));
        return cells;
    }

    /// ask(), joined by spaces.
    std::string list(const char* path, std::int64_t person, const std::string& query) {
        std::string text;
        for (const std::string& cell : ask(path, person, query)) text += (text.empty() ? "" : " ") + cell;
        return text;
    }

    /// The numbers that a statement returns as one column.
    std::set<std::int64_t> numbers(const std::string& text) {
        const sql::Rows rows = owner().query({"numbers", text.c_str()}, {}, sql::kNoDeadline);
        std::set<std::int64_t> found;
        for (int row = 0; row < rows.size(); ++row) found.insert(rows.integer(row, 0));
        return found;
    }

  private:
    sql::Store store_{{.conninfo = conninfo("reader")}};
};

/// A tree of customers as this test understands it, apart from SQL: parents, which may make cycles, and deleted ones.
struct Customers {
    std::map<std::int64_t, std::int64_t> parents;  // 0: none
    std::set<std::int64_t> deleted;

    /// The customer and all above it, each once.
    std::set<std::int64_t> line(std::int64_t customer) const {
        std::set<std::int64_t> line;
        for (; customer != 0 && line.insert(customer).second; customer = parents.at(customer)) {
        }
        return line;
    }

    bool sees(std::int64_t own, bool reseller, bool everyone, std::int64_t customer) const {
        const auto above = line(customer);
        if (std::ranges::any_of(above, [&](std::int64_t id) { return deleted.contains(id); })) return false;
        return everyone || customer == own || (reseller && above.contains(own));
    }
};

/// 10 customers, of which each has two queues, one of them deleted, and a destination per queue. Each customer has four
/// people: with no further privilege, reseller, system, both.
class RandomTree : public Listed {
  public:
    static constexpr std::int64_t kCustomers = 10;

    RandomTree() {
        run(R"(
            insert into queue_statistics.roles (id, name) select 10 + n, 'role ' || n from generate_series(0, 3) n;
            insert into queue_statistics.role_privileges values
              (11, 'reseller', 1), (12, 'system', 2), (13, 'reseller', 2), (13, 'system', 1), (10, 'reseller', 0),
              (11, 'system', 0);
            insert into queue_statistics.customers (id, name) select n, n from generate_series(1, 10) n;
            insert into queue_statistics.people (id, customer, role, username, password)
              select c * 10 + r, c, 10 + r, c || ' ' || r, '*'
                from generate_series(1, 10) c, generate_series(0, 3) r;
            insert into queue_statistics.queues (id, customer, name, deleted)
              select c * 10 + d, c, 'q', d = 1 from generate_series(1, 10) c, generate_series(0, 1) d;
            insert into queue_statistics.queue_destinations (id, queue, dtype, dnumber)
              select id, id, 'phone', '1' from queue_statistics.queues)");
    }

    /// Gives the customers other parents, and deletes others.
    Customers change(std::minstd_rand& random) {
        Customers tree;
        std::string values;
        for (std::int64_t id = 1; id <= kCustomers; ++id) {
            // Now and then the own id, or one that makes a cycle.
            tree.parents[id] = std::uniform_int_distribution<std::int64_t>{0, kCustomers}(random);
            if (std::uniform_int_distribution{0, 5}(random) == 0) tree.deleted.insert(id);
            values += (values.empty() ? "(" : ", (") + std::to_string(id) + ", " + std::to_string(tree.parents[id]) +
                      ", " + (tree.deleted.contains(id) ? "true" : "false") + ")";
        }
        run("update queue_statistics.customers c set parent = nullif(v.parent, 0), deleted = v.deleted from (values " +
            values + ") v (id, parent, deleted) where v.id = c.id");
        return tree;
    }
};

class Pages : public Listed {
  public:
    /// Pages of the list until one is empty, calling between after each.
    std::vector<std::string> page_through(const std::string& order, std::size_t limit, const auto& between) {
        std::vector<std::string> all;
        for (;;) {
            const auto page = ask("queues/list", 1,
                                  order + ";limit=" + std::to_string(limit) + ";offset=" + std::to_string(all.size()));
            BOOST_REQUIRE(page.size() <= limit);
            if (page.empty()) return all;
            all.insert(all.end(), page.begin(), page.end());
            between();
        }
    }

    /// 10,000 queues, whose names are in another order than their ids.
    void ten_thousand_queues() {
        run(R"(
            insert into queue_statistics.customers (id, name) values (1, 'c'), (2, 'd');
            insert into queue_statistics.people (id, customer, role, username, password)
              select 1, 1, id, 'bob', '*' from queue_statistics.roles where name = 'User';
            insert into queue_statistics.queues (id, customer, name)
              select n, 1, 'queue ' || n * 7919 % 10000 from generate_series(1, 10000) n;
            insert into queue_statistics.queues (id, customer, name, deleted)
              values (10001, 1, 'queue 1', true), (10002, 2, 'd', false);
            analyze queue_statistics.queues)");
    }
};

std::vector<std::string> ids(int first, int last) {
    std::vector<std::string> all;
    for (int id = first; id <= last; ++id) all.push_back(std::to_string(id));
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lists)

BOOST_FIXTURE_TEST_CASE(lists_and_statistics_show_the_same_queues, RandomTree) {
    std::minstd_rand random{7};
    int seen = 0;
    int refused = 0;
    for (int tree = 0; tree < 60; ++tree) {
        const Customers customers = change(random);
        for (std::int64_t own = 1; own <= kCustomers; ++own) {
            for (int role = 0; role < 4; ++role) {
                const std::int64_t person = own * 10 + role;
                std::set<std::int64_t> expected;
                for (std::int64_t id = 1; id <= kCustomers; ++id)
                    if (customers.sees(own, role % 2 == 1, role >= 2, id)) expected.insert(id);
                seen += static_cast<int>(expected.size());
                refused += static_cast<int>(kCustomers - static_cast<std::int64_t>(expected.size()));
                BOOST_TEST_INFO_SCOPE("tree " << tree << ", person " << person);
                const std::string who = std::to_string(person);
                BOOST_TEST(numbers("select id / 10 from queue_statistics.queues where "
                                   "queue_statistics.may_see_queue(" +
                                   who + ", id)") == expected,
                           boost::test_tools::per_element());
                BOOST_TEST(numbers("select queue_statistics.visible_customers(" + who +
                                   ", array(select id from queue_statistics.customers))") == expected,
                           boost::test_tools::per_element());
                BOOST_TEST(numbers("select v from queue_statistics.customers c, "
                                   "queue_statistics.visible_customers(" +
                                   who + ", array[c.id]) v") == expected,
                           boost::test_tools::per_element());
            }
        }
    }
    // The trees have enough of both.
    BOOST_TEST(seen > 3000);
    BOOST_TEST(refused > 3000);
}

BOOST_FIXTURE_TEST_CASE(the_functions_show_what_may_see_queue_allows, RandomTree) {
    std::minstd_rand random{11};
    for (int tree = 0; tree < 6; ++tree) {
        change(random);
        for (const std::int64_t person : {10, 21, 32, 43, 51, 61, 71}) {
            BOOST_TEST_INFO_SCOPE("tree " << tree << ", person " << person);
            const std::set<std::int64_t> expected =
                numbers("select id from queue_statistics.queues where queue_statistics.may_see_queue(" +
                        std::to_string(person) + ", id)");
            std::string in_all_queues;
            for (const std::int64_t id : expected)
                in_all_queues += (in_all_queues.empty() ? "" : " ") + std::to_string(id);
            BOOST_TEST(list("queues/destinations/list", person, "dtype=phone;dnumber=1") == in_all_queues);
            for (std::int64_t customer = 1; customer <= kCustomers; ++customer) {
                for (const std::int64_t queue : {customer * 10, customer * 10 + 1}) {
                    const std::string id = std::to_string(queue);
                    const bool is_seen = expected.contains(queue);
                    BOOST_TEST(list("queues/get", person, "id=" + id) == (is_seen ? id : "404 id"));
                    BOOST_TEST(list("queues/destinations/list", person, "queue=" + id) == (is_seen ? id : "404 queue"));
                    BOOST_TEST(list("queues/destinations/get", person, "id=" + id) == (is_seen ? id : "404 id"));
                    BOOST_TEST(list("queues/destinations/get", person, "dtype=phone;dnumber=1;queue=" + id) ==
                               (is_seen ? id : "404 queue"));
                }
                const std::string id = std::to_string(customer);
                const bool is_seen = expected.contains(customer * 10);
                BOOST_TEST(list("queues/list", person, "customer=" + id) == (is_seen ? id + "0" : "400 customer"));
                BOOST_TEST(list("queues/list", person, "count=1;customer=" + id) == (is_seen ? "1" : "400 customer"));
            }
        }
    }
}

BOOST_FIXTURE_TEST_CASE(an_unknown_person_or_customer_sees_nothing, RandomTree) {
    for (const char* arguments :
         {"999, array[1]", "null, array[1]", "12, array[999]", "12, array[null::bigint]", "12, '{}'"})
        BOOST_TEST(value("select count(*) from queue_statistics.visible_customers(" + std::string{arguments} + ")") ==
                   "0");
    BOOST_TEST(value("select count(*) from queue_statistics.visible_customers(12, array[1, 1, 2, null])") == "2");
}

BOOST_FIXTURE_TEST_CASE(pages_to_the_end_have_every_queue_once, Pages) {
    ten_thousand_queues();
    const auto nothing = [] {};
    auto by_id = ids(1, 10000);
    BOOST_TEST((page_through("sort=id", 100, nothing) == by_id));
    BOOST_TEST((page_through("sort=id", 9999, nothing) == by_id));
    BOOST_TEST((ask("queues/list", 1, "sort=id") == by_id));
    std::ranges::reverse(by_id);
    BOOST_TEST((page_through("sort=id;descending=1", 333, nothing) == by_id));

    auto by_name = ask("queues/list", 1, "");
    BOOST_TEST(value("select array_agg(id order by name)::text from queue_statistics.queues "
                     "where customer = 1 and not deleted") == [&] {
        std::string text = "{";
        for (const std::string& id : by_name) text += (text == "{" ? "" : ",") + id;
        return text + "}";
    }());
    BOOST_TEST((page_through("", 100, nothing) == by_name));
    BOOST_TEST((page_through("sort=name", 777, nothing) == by_name));
    std::ranges::reverse(by_name);
    BOOST_TEST((page_through("descending=1", 1000, nothing) == by_name));
    BOOST_TEST(list("queues/list", 1, "count=1;limit=1;offset=9999;sort=id") == "10000");
    for (const char* beyond :
         {"offset=10000", "offset=9223372036854775807", "limit=9223372036854775807;offset=9223372036854775807"})
        BOOST_TEST(list("queues/list", 1, beyond) == "");
}

BOOST_FIXTURE_TEST_CASE(pages_by_id_have_every_queue_once_while_queues_are_added, Pages) {
    ten_thousand_queues();
    int added = 0;
    const auto add = [&] {
        run("insert into queue_statistics.queues (id, customer, name) values (" + std::to_string(20000 + added) +
            ", 1, 'added " + std::to_string(added) + "')");
        ++added;
    };
    auto expected = ids(1, 10000);
    const auto all = page_through("sort=id", 1000, [&] {
        if (added < 9) add();
    });
    const auto more = ids(20000, 20008);
    expected.insert(expected.end(), more.begin(), more.end());
    BOOST_TEST((all == expected));

    // By name, the new queue comes before all others: what stood at a page's end comes again, and none is left out.
    auto by_name = page_through("", 1000, [&] {
        if (added < 18) add();
    });
    BOOST_TEST(by_name.size() == 10018U);
    BOOST_TEST(std::set<std::string>(by_name.begin(), by_name.end()).size() >= 10009U);
}

BOOST_FIXTURE_TEST_CASE(names_are_in_byte_order, Pages) {
    run(R"(
        insert into queue_statistics.customers (id, name) values (1, 'c');
        insert into queue_statistics.people (id, customer, role, username, password)
          select 1, 1, id, 'bob', '*' from queue_statistics.roles where name = 'User';
        insert into queue_statistics.queues (id, customer, name) values
          (1, 1, U&'\00e9'), (2, 1, 'b'), (3, 1, 'B'), (4, 1, '10'), (5, 1, '9'), (6, 1, U&'e\0301'), (7, 1, ' b'))");
    BOOST_TEST(list("queues/list", 1, "") == "7 4 5 3 2 6 1");
    BOOST_TEST(list("queues/list", 1, "descending=1") == "1 6 2 3 5 4 7");
    BOOST_TEST(list("queues/list", 1, "descending=1;limit=3;offset=2") == "2 3 5");
}

BOOST_FIXTURE_TEST_CASE(destinations_are_current_ones_in_byte_order, Pages) {
    run(R"(
        insert into queue_statistics.customers (id, name) values (1, 'c');
        insert into queue_statistics.people (id, customer, role, username, password)
          select 1, 1, id, 'bob', '*' from queue_statistics.roles where name = 'User';
        insert into queue_statistics.queues (id, customer, name) values (7, 1, 'a'), (5, 1, 'b'), (6, 1, 'c');
        insert into queue_statistics.queue_destinations (id, queue, dtype, dnumber, removed) values
          (1, 7, 'phone', 'b', null), (2, 7, 'phone', 'B', null), (3, 7, 'forward', 'c', null),
          (4, 7, 'phone', 'x', now()), (5, 5, 'phone', 'b', null), (6, 6, 'phone', 'b', now()))");
    BOOST_TEST(list("queues/destinations/list", 1, "queue=7") == "3 2 1");
    BOOST_TEST(list("queues/destinations/list", 1, "dtype=phone;dnumber=b") == "5 1");
    BOOST_TEST(list("queues/destinations/list", 1, "dtype=phone;dnumber=x") == "");
    BOOST_TEST(list("queues/destinations/list", 1, "queue=6") == "");
    BOOST_TEST(list("queues/destinations/get", 1, "id=4") == "404 id");
    BOOST_TEST(list("queues/destinations/get", 1, "queue=7;dtype=phone;dnumber=x") == "404 queue");
    BOOST_TEST(list("queues/destinations/get", 1, "queue=7;dtype=phone;dnumber=b") == "1");
    BOOST_TEST(list("queues/destinations/get", 1, "queue=7;dtype=Phone;dnumber=b") == "404 queue");
}

BOOST_AUTO_TEST_SUITE_END()
