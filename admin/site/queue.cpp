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
#include "sql/node.hpp"

namespace admin::site {
namespace {

struct NewQueue {
    std::optional<std::int64_t> id;  ///< nullopt: the next free one
    std::int64_t customer = 0;
    std::string name;                   ///< 1..255 characters, unique among the customer's queues that are not deleted
    std::optional<std::int64_t> shard;  ///< on a router, the shard that has it; nullopt: that of the customer's others
};

/// On a router: says on which shard a new queue is. Throws console::Refusal when there is no such shard, and when a
/// shard was named on a site of one machine.
void place(sql::Connection& connection, std::string_view id, const NewQueue& queue) {
    if (sql::node_of(connection, sql::kNoDeadline).kind != sql::NodeKind::kRouter) {
        if (queue.shard) throw console::Refusal{"this is no router: --shard is for a site with shards"};
        return;
    }
    const sql::Rows placed =
        connection.query(queries::place_queue,
                         {std::string{id}, std::to_string(queue.customer), parameter(queue.shard)}, sql::kNoDeadline);
    if (placed.size() == 0)
        throw console::Refusal{"there is no shard " + (queue.shard ? std::to_string(*queue.shard) : "yet") +
                               "\nSee: queue-statistics shard --help"};
}

console::Refusal name_taken(std::int64_t customer, const std::string& name) {
    return console::Refusal{"customer " + std::to_string(customer) + " has a queue named " + in_quotes(name) +
                            " already\nSee: queue-statistics queue list --customer " + std::to_string(customer)};
}

/// Adds a queue and prints its id.
void add(const NewQueue& queue) {
    check_name("the name", queue.name);
    sql::Connection connection = connect_migrated(Data::kSite);
    sql::Transaction transaction{connection, sql::kNoDeadline};
    require_current_customer(connection, queue.customer);
    if (queue.id && has_queue(connection, *queue.id))
        throw console::Refusal{"there is a queue " + std::to_string(*queue.id) + " already"};
    advance_sequence(connection, "queues", queue.id.value_or(0));
    try {
        const sql::Rows rows = connection.query(
            queries::insert_queue, {parameter(queue.id), std::to_string(queue.customer), queue.name}, sql::kNoDeadline);
        place(connection, rows.text(0, 0), queue);
        transaction.commit(sql::kNoDeadline);
        std::cout << rows.text(0, 0) << '\n';
        follow_names(connection);
    } catch (const sql::Failure& failure) {
        if (failure.sqlstate() != kUniqueViolation) throw;
        throw name_taken(queue.customer, queue.name);
    }
}

/// customer: lists only this customer's queues; nullopt lists all.
void list(std::optional<std::int64_t> customer) {
    sql::Connection connection = connect_migrated(Data::kAny);
    if (customer) require_customer(connection, *customer);
    if (sql::node_of(connection, sql::kNoDeadline).kind == sql::NodeKind::kWhole)
        print_table("id\tcustomer\tname\tdeleted",
                    connection.query(queries::list_queues, {parameter(customer)}, sql::kNoDeadline));
    else
        print_table("id\tcustomer\tname\tdeleted\tshard",
                    connection.query(queries::list_placed_queues, {parameter(customer)}, sql::kNoDeadline));
}

struct Renaming {
    std::int64_t id = 0;
    std::string name;  ///< as in NewQueue
};

/// Gives a queue another name. Its calls stay. Events with the new name that waited come in.
void rename(const Renaming& queue) {
    check_name("the name", queue.name);
    sql::Connection connection = connect_migrated(Data::kSite);
    const std::string id = std::to_string(queue.id);
    if (is_queue_deleted(connection, queue.id)) throw console::Refusal{"queue " + id + " is deleted"};
    const sql::Rows renamed = [&] {
        try {
            return connection.query(queries::rename_queue, {id, queue.name}, sql::kNoDeadline);
        } catch (const sql::Failure& failure) {
            if (failure.sqlstate() != kUniqueViolation) throw;
            throw name_taken(connection.query(queries::find_queue, {id}, sql::kNoDeadline).integer(0, 1), queue.name);
        }
    }();
    if (renamed.size() == 0) throw console::Refusal{"queue " + id + " is deleted"};
    const std::string before{renamed.text(0, 0)};
    if (before == queue.name) {
        std::cout << "Queue " << id << " had this name before; nothing changed.\n";
        return;
    }
    std::cout << "Queue " << id << " (" << before << ") is named " << queue.name << " now. While a phone system says "
              << before << ": queue-statistics map queue NAME " << id << '\n';
    follow_names(connection);
}

/// Marks the queue deleted: its statistics are not seen any more, and its name is free again. No row is removed.
void remove(std::int64_t id) {
    sql::Connection connection = connect_migrated(Data::kSite);
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
            .number("--shard", added.shard, 0, 9000,
                    "On a router: the shard that has it; default: that of the customer's newest queue, else of a "
                    "customer above, else the newest shard",
                    "N")
            .text("NAME", added.name, "Its name, unique among the customer's queues that are not deleted");
    });
    queue.command<std::optional<std::int64_t>>(
        "list", "List queues, deleted ones too", list,
        [](Arguments& takes, auto& customer) { takes.id("--customer", customer, "Only this customer's"); });
    queue.command<Renaming>("rename", "Give a queue another name; its calls stay", rename,
                            [](Arguments& takes, Renaming& renamed) {
                                takes.id("ID", renamed.id, "The queue").text("NAME", renamed.name, "Its new name");
                            });
    queue.command<std::int64_t>("delete", "Mark a queue deleted: its statistics are no longer seen; no row is removed",
                                remove, [](Arguments& takes, std::int64_t& id) { takes.id("ID", id, "The queue"); });
}

}  // namespace admin::site
