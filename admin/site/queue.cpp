#include "admin/site/queue.hpp"

#include <iostream>

#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/queries.hpp"
#include "admin/site/customer.hpp"

namespace admin {
namespace {

sql::Rows find_queue(sql::Connection& connection, std::int64_t id) {
    return connection.query(queries::find_queue, {std::to_string(id)}, sql::kNoDeadline);
}

}  // namespace

bool is_queue_deleted(sql::Connection& connection, std::int64_t id) {
    const sql::Rows rows = find_queue(connection, id);
    if (rows.size() == 0)
        throw Refusal{"there is no queue " + std::to_string(id) + "\nSee: queue-statistics queue list"};
    return rows.boolean(0, 2);
}

void add_queue(const NewQueue& queue) {
    check_name("the name", queue.name);
    sql::Connection connection = connect_migrated();
    sql::Transaction transaction{connection, sql::kNoDeadline};
    require_current_customer(connection, queue.customer);
    if (queue.id && find_queue(connection, *queue.id).size() > 0)
        throw Refusal{"there is a queue " + std::to_string(*queue.id) + " already"};
    advance_sequence(connection, "queues", queue.id.value_or(0));
    try {
        const sql::Rows rows = connection.query(
            queries::insert_queue, {parameter(queue.id), std::to_string(queue.customer), queue.name}, sql::kNoDeadline);
        transaction.commit(sql::kNoDeadline);
        std::cout << rows.text(0, 0) << '\n';
    } catch (const sql::Failure& failure) {
        if (failure.sqlstate() != kUniqueViolation) throw;
        throw Refusal{"customer " + std::to_string(queue.customer) + " has a queue named " + quoted(queue.name) +
                      " already\nSee: queue-statistics queue list --customer " + std::to_string(queue.customer)};
    }
}

void list_queues(std::optional<std::int64_t> customer) {
    sql::Connection connection = connect_migrated();
    if (customer) require_customer(connection, *customer);
    print_table("id\tcustomer\tname\tdeleted",
                connection.query(queries::list_queues, {parameter(customer)}, sql::kNoDeadline));
}

void delete_queue(std::int64_t id) {
    sql::Connection connection = connect_migrated();
    const sql::Rows rows = connection.query(queries::delete_queue, {std::to_string(id)}, sql::kNoDeadline);
    if (rows.size() == 0) {
        is_queue_deleted(connection, id);
        std::cout << "Queue " << id << " was deleted before; nothing changed.\n";
        return;
    }
    std::cout
        << "Queue " << id << " (" << rows.text(0, 0)
        << ") is marked deleted: its statistics are no longer seen, its name is free again. No row was removed.\n";
}

}  // namespace admin
