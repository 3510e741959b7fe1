/// Tests the functions that list: queues/list, queues/get, queues/destinations/list and queues/destinations/get. Which
/// question each asks, and which rows it answers.

#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/access/login.hpp"
#include "core/failure.hpp"
#include "core/function.hpp"
#include "tests/unit/fake_rows.hpp"
#include "tests/unit/requests.hpp"

namespace {

constexpr const char* kQueues = "queues/list";
constexpr const char* kQueue = "queues/get";
constexpr const char* kDestinations = "queues/destinations/list";
constexpr const char* kDestination = "queues/destinations/get";

core::Result<core::Question> ask(const char* path, std::string_view query) {
    const core::Function& function = *core::find_function(path);
    const auto parameters = core::read_parameters(function.parameters, core::access::login_parameters(), query, "");
    BOOST_REQUIRE(parameters);
    return function.ask(*parameters);
}

/// "key: query argument argument ..." of a valid request.
std::string asked(const char* path, std::string_view query) {
    const auto question = ask(path, query);
    BOOST_REQUIRE(question);
    std::string text = std::string{question->key} + ": " + std::string{question->query};
    for (const auto& argument : question->arguments) text += " " + argument.value();
    return text;
}

std::string refused(const char* path, std::string_view query) { return test::refusals_of(ask(path, query)); }

/// The data of the answer to a valid request as "id=5 customer=3 name=Support | ...", one object as "{...}", a number
/// as "7", or the refusals.
std::string data(const char* path, std::string_view query, std::vector<FakeRows::Row> rows) {
    const auto question = ask(path, query);
    BOOST_REQUIRE(question);
    const auto reply = question->answer(*question, FakeRows{std::move(rows)});
    if (!reply) return test::refusals_of(reply);
    const auto* const answer = std::get_if<core::Answer>(&*reply);
    if (answer->shape() == core::Answer::Shape::kNumber) return std::to_string(answer->row(0)[0].number);
    std::string text;
    for (std::size_t row = 0; row < answer->rows(); ++row) {
        if (row > 0) text += " | ";
        for (std::size_t i = 0; i < answer->columns().size(); ++i) {
            const core::Cell& cell = answer->row(row)[i];
            text += (i > 0 ? " " : "") + std::string{answer->columns()[i].name} + "=";
            text += cell.kind == core::Cell::Kind::kText ? answer->text(cell) : std::to_string(cell.number);
        }
    }
    return answer->shape() == core::Answer::Shape::kObject ? "{" + text + "}" : text;
}

FakeRows::Row queue(const char* id, const char* name) { return {{"id", id}, {"customer", "3"}, {"name", name}}; }

FakeRows::Row destination(const char* id, const char* dnumber, const char* available) {
    return {{"id", id},           {"queue", "123"},         {"dtype", "phone"},
            {"dnumber", dnumber}, {"available", available}, {"priority", "-7"}};
}

const std::string kNoQueue = "The queue does not exist, or you do not have permission to view it.";
const std::string kNoDestination = "The queue or destination does not exist, or you do not have permission to view it.";

}  // namespace

BOOST_AUTO_TEST_SUITE(list_functions)

BOOST_AUTO_TEST_CASE(queues_are_those_of_the_own_customer_by_name_unless_said_otherwise) {
    BOOST_TEST(asked(kQueues, "") == ": list_queues 0 name f 0 0");
    BOOST_TEST(asked(kQueues, "customer=;count=;sort=;descending=;limit=;offset=") == ": list_queues 0 name f 0 0");
    BOOST_TEST(asked(kQueues, "customer=00;count=00;descending=0;limit=0;offset=0") == ": list_queues 0 name f 0 0");
    BOOST_TEST(asked(kQueues, "offset=040;limit=20;descending=01;sort=id;customer=3") == ": list_queues 3 id t 20 40");
    BOOST_TEST(asked(kQueues, "sort=name;limit=9223372036854775807;offset=9223372036854775807") ==
               ": list_queues 0 name f 9223372036854775807 9223372036854775807");
}

BOOST_AUTO_TEST_CASE(a_count_is_of_all_queues_whatever_the_page) {
    BOOST_TEST(asked(kQueues, "count=1") == ": count_queues 0");
    BOOST_TEST(asked(kQueues, "count=1;customer=3;sort=id;descending=1;limit=1;offset=5") == ": count_queues 3");
    BOOST_TEST(data(kQueues, "count=1", {{{"count", "10000"}}}) == "10000");
    BOOST_TEST(data(kQueues, "count=1", {{{"count", "0"}}}) == "0");
    BOOST_TEST(data(kQueues, "count=1", {}) == "400 [customer] The customer is invalid.");
}

BOOST_AUTO_TEST_CASE(every_invalid_parameter_of_a_list_of_queues_has_an_entry_in_order) {
    BOOST_TEST(refused(kQueues, "offset=-1;limit=x;descending=2;sort=Name;count=true;customer=1.0") ==
               "400 [customer] The customer is invalid. | 400 [count] The count is invalid. | "
               "400 [sort] The sort is invalid. | 400 [descending] The descending is invalid. | "
               "400 [limit] The limit is invalid. | 400 [offset] The offset is invalid.");
    for (const char* name : {"customer", "count", "descending", "limit", "offset"}) {
        for (const char* value : {"x", "-1", "%2B1", "%201", "1%20", "1.0", "0x1", "9223372036854775808"})
            BOOST_TEST(refused(kQueues, std::string{name} + "=" + value) ==
                       "400 [" + std::string{name} + "] The " + name + " is invalid.");
    }
    for (const char* value : {"2", "10", "yes"}) {
        BOOST_TEST(refused(kQueues, std::string{"count="} + value) == "400 [count] The count is invalid.");
        BOOST_TEST(refused(kQueues, std::string{"descending="} + value) ==
                   "400 [descending] The descending is invalid.");
    }
    for (const char* value : {"ID", "names", "name,id", "customer", "name%20", "0"})
        BOOST_TEST(refused(kQueues, std::string{"sort="} + value) == "400 [sort] The sort is invalid.");
}

BOOST_AUTO_TEST_CASE(queues_are_listed_in_the_order_of_the_rows) {
    BOOST_TEST(data(kQueues, "", {queue("124", "Sales \"A\""), queue("123", "Support")}) ==
               "id=124 customer=3 name=Sales \"A\" | id=123 customer=3 name=Support");
    BOOST_TEST(data(kQueues, "", {{{"customer", "3"}}}) == "");
    BOOST_TEST(data(kQueues, "customer=4", {}) == "400 [customer] The customer is invalid.");
    BOOST_TEST(data(kQueues, "", {}) == "400 [customer] The customer is invalid.");
}

BOOST_AUTO_TEST_CASE(a_queue_is_asked_for_by_its_id) {
    BOOST_TEST(asked(kQueue, "id=00123") == "id: find_queue 123");
    for (const char* query : {"", "id=", "id=0", "id=00", "id=x", "id=-1", "id=9223372036854775808", "queue=123"})
        BOOST_TEST(refused(kQueue, query) == "400 [id] The id is invalid.");
    BOOST_TEST(data(kQueue, "id=123", {queue("123", "Support")}) == "{id=123 customer=3 name=Support}");
    BOOST_TEST(data(kQueue, "id=123", {}) == "404 [id] " + kNoQueue);
}

BOOST_AUTO_TEST_CASE(destinations_are_those_of_a_queue_or_of_a_number) {
    BOOST_TEST(asked(kDestinations, "queue=123;dtype=;dnumber=") == "queue: list_destinations 123");
    BOOST_TEST(asked(kDestinations, "dtype=phone;dnumber=0;queue=0") == ": list_destinations_by_number phone 0");
    const std::string both = "400 [queue] Specify queue, or dtype and dnumber, but not both.";
    for (const char* query :
         {"queue=1;dtype=phone;dnumber=1", "queue=1;dtype=phone", "queue=1;dnumber=0", "queue=x;dtype=phone"})
        BOOST_TEST(refused(kDestinations, query) == both);
    const std::string neither = "400 [queue] Specify queue, or dtype and dnumber.";
    for (const char* query : {"", "dtype=phone", "dnumber=1", "queue=0;dtype=phone;dnumber=", "queue=;dnumber=1"})
        BOOST_TEST(refused(kDestinations, query) == neither);
    for (const char* query : {"queue=x", "queue=-1;dtype=", "queue=9223372036854775808"})
        BOOST_TEST(refused(kDestinations, query) == "400 [queue] The queue is invalid.");
}

BOOST_AUTO_TEST_CASE(destinations_are_listed_in_the_order_of_the_rows) {
    const std::string both =
        "id=2 queue=123 dtype=phone dnumber=1 available=1 priority=-7 | "
        "id=1 queue=123 dtype=phone dnumber=2 available=0 priority=-7";
    for (const char* query : {"queue=123", "dtype=phone;dnumber=1"})
        BOOST_TEST(data(kDestinations, query, {destination("2", "1", "t"), destination("1", "2", "f")}) == both);
    BOOST_TEST(data(kDestinations, "queue=123", {{}}) == "");
    BOOST_TEST(data(kDestinations, "queue=123", {}) == "404 [queue] " + kNoQueue);
    BOOST_TEST(data(kDestinations, "dtype=phone;dnumber=1", {}) == "");
}

BOOST_AUTO_TEST_CASE(a_destination_is_asked_for_by_its_id_or_by_its_number_and_queue) {
    BOOST_TEST(asked(kDestination, "id=007;queue=0;dtype=;dnumber=") == "id: find_destination 7");
    BOOST_TEST(asked(kDestination, "dnumber=0;dtype=phone;queue=123;id=0") ==
               "queue: find_destination_by_number 123 phone 0");
    const std::string both = "400 [id] Specify id, or dtype, dnumber and queue, but not both.";
    for (const char* query :
         {"id=1;queue=2", "id=1;dtype=phone", "id=1;dnumber=0", "id=x;queue=y", "id=1;queue=2;dtype=phone;dnumber=1"})
        BOOST_TEST(refused(kDestination, query) == both);
    const std::string neither = "400 [id] Specify id, or dtype, dnumber and queue.";
    for (const char* query : {"", "id=0", "queue=1", "queue=x", "queue=1;dtype=phone", "queue=1;dnumber=1",
                              "dtype=phone;dnumber=1", "queue=00;dtype=phone;dnumber=1", "queue=1;dtype=;dnumber=1"})
        BOOST_TEST(refused(kDestination, query) == neither);
    BOOST_TEST(refused(kDestination, "id=x") == "400 [id] The id is invalid.");
    BOOST_TEST(refused(kDestination, "queue=x;dtype=phone;dnumber=1") == "400 [queue] The queue is invalid.");
}

BOOST_AUTO_TEST_CASE(a_destination_is_one_object) {
    const std::string found = "{id=1 queue=123 dtype=phone dnumber=2 available=1 priority=-7}";
    BOOST_TEST(data(kDestination, "id=1", {destination("1", "2", "t")}) == found);
    BOOST_TEST(data(kDestination, "queue=123;dtype=phone;dnumber=2", {destination("1", "2", "t")}) == found);
    BOOST_TEST(data(kDestination, "id=1", {}) == "404 [id] " + kNoDestination);
    BOOST_TEST(data(kDestination, "queue=123;dtype=phone;dnumber=2", {}) == "404 [queue] " + kNoDestination);
}

BOOST_AUTO_TEST_CASE(a_null_in_a_row_is_a_failure_and_no_answer) {
    const auto question = ask(kQueue, "id=1");
    BOOST_REQUIRE(question);
    BOOST_CHECK_THROW(question->answer(*question, FakeRows{{{{"id", "1"}, {"name", "n"}}}}), core::StoreFailure);
}

BOOST_AUTO_TEST_SUITE_END()
