#include <cstdint>
#include <iostream>
#include <optional>
#include <string>

#include "admin/command.hpp"
#include "admin/console/refusal.hpp"
#include "admin/database.hpp"
#include "admin/name.hpp"
#include "admin/site/commands.hpp"
#include "admin/site/lookup.hpp"
#include "admin/site/queries.hpp"

namespace admin::site {
namespace {

struct NewQueue {
    std::optional<std::int64_t> id;  ///< nullopt: the next free one
    std::int64_t customer = 0;
    std::string name;  ///< 1..255 characters, unique among the customer's queues that are not deleted
};

/// Adds a queue and prints its id.
void add(const NewQueue& queue) {
    check_name("the name", queue.name);
    sql::Connection connection = connect_migrated();
    sql::Transaction transaction{connection, sql::kNoDeadline};
    require_current_customer(connection, queue.customer);
    if (queue.id && has_queue(connection, *queue.id))
        throw console::Refusal{"there is a queue " + std::to_string(*queue.id) + " already"};
    advance_sequence(connection, "queues", queue.id.value_or(0));
    try {
        const sql::Rows rows = connection.query(
            queries::insert_queue, {parameter(queue.id), std::to_string(queue.customer), queue.name}, sql::kNoDeadline);
        transaction.commit(sql::kNoDeadline);
        std::cout << rows.text(0, 0) << '\n';
        follow_names(connection);
    } catch (const sql::Failure& failure) {
        if (failure.sqlstate() != kUniqueViolation) throw;
        throw console::Refusal{"customer " + std::to_string(queue.customer) + " has a queue named " +
                               in_quotes(queue.name) + " already\nSee: queue-statistics queue list --customer " +
                               std::to_string(queue.customer)};
    }
}

/// customer: lists only this customer's queues; nullopt lists all.
void list(std::optional<std::int64_t> customer) {
    sql::Connection connection = connect_migrated();
    if (customer) require_customer(connection, *customer);
    print_table("id\tcustomer\tname\tdeleted",
                connection.query(queries::list_queues, {parameter(customer)}, sql::kNoDeadline));
}

/// Marks the queue deleted: its statistics are not seen any more, and its name is free again. No row is removed.
void remove(std::int64_t id) {
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
    follow_names(connection);
}

}  // namespace

void add_queue(Group& all) {
    Group queue = all.group("queue", "Queues, in which callers wait");
    queue.command<NewQueue>("add", "Add a queue and print its id", add, [](Arguments& takes, NewQueue& added) {
        takes.id("--customer", added.customer, "Whose queue it is")
            .id("--id", added.id, "Its id, instead of the next one")
            .text("NAME", added.name, "Its name, unique among the customer's queues that are not deleted");
    });
    queue.command<std::optional<std::int64_t>>(
        "list", "List queues, deleted ones too", list,
        [](Arguments& takes, auto& customer) { takes.id("--customer", customer, "Only this customer's"); });
    queue.command<std::int64_t>("delete", "Mark a queue deleted: its statistics are no longer seen; no row is removed",
                                remove, [](Arguments& takes, std::int64_t& id) { takes.id("ID", id, "The queue"); });
}

}  // namespace admin::site
