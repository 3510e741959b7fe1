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
#include "core/text.hpp"

namespace admin::site {
namespace {

struct NewDestination {
    std::optional<std::int64_t> id;  ///< nullopt: the next free one
    std::int64_t queue = 0;
    std::string dtype;  ///< phone, forward, peer, sipuri, ...
    std::string dnumber;
};

void check(const NewDestination& destination) {
    if (destination.dtype.empty() || destination.dnumber.empty())
        throw console::Refusal{"DTYPE and DNUMBER must not be empty"};
    if (!core::is_text(destination.dtype) || !core::is_text(destination.dnumber))
        throw console::Refusal{"DTYPE or DNUMBER is not valid UTF-8"};
    if (destination.dtype.size() + destination.dnumber.size() > kMaxDestinationBytes)
        throw console::Refusal{"DTYPE and DNUMBER are longer than " + std::to_string(kMaxDestinationBytes) +
                               " bytes together"};
}

/// Adds a destination to a queue, or puts a removed one back under its old id. Prints the id.
void add(const NewDestination& destination) {
    check(destination);
    sql::Connection connection = connect_migrated(Data::kCalls);
    sql::Transaction transaction{connection, sql::kNoDeadline};
    const std::string queue = std::to_string(destination.queue);
    if (is_queue_deleted(connection, destination.queue)) throw console::Refusal{"queue " + queue + " is deleted"};
    advance_sequence(connection, "queue_destinations", destination.id.value_or(0));

    const sql::Rows found =
        connection.query(queries::find_destination, {queue, destination.dtype, destination.dnumber}, sql::kNoDeadline);
    std::string id;
    if (found.size() > 0) {
        id = found.text(0, 0);
        if (!found.boolean(0, 1)) throw console::Refusal{"queue " + queue + " has this destination already: " + id};
        if (destination.id && std::to_string(*destination.id) != id)
            throw console::Refusal{"this destination was removed and has the id " + id + ": put it back without --id"};
        connection.query(queries::put_back_destination, {id}, sql::kNoDeadline);
    } else {
        try {
            const sql::Rows rows = connection.query(
                queries::insert_destination, {parameter(destination.id), queue, destination.dtype, destination.dnumber},
                sql::kNoDeadline);
            id = rows.text(0, 0);
        } catch (const sql::Failure& failure) {
            if (failure.sqlstate() != kUniqueViolation) throw;
            throw console::Refusal{destination.id
                                       ? "there is a destination " + std::to_string(*destination.id) + " already"
                                       : "queue " + queue + " has this destination already"};
        }
    }
    transaction.commit(sql::kNoDeadline);
    std::cout << id << '\n';
}

void list(std::int64_t queue) {
    sql::Connection connection = connect_migrated(Data::kCalls);
    is_queue_deleted(connection, queue);
    print_table("id\tdtype\tdnumber\tavailable\tpriority\tremoved",
                connection.query(queries::list_destinations, {std::to_string(queue)}, sql::kNoDeadline));
}

/// Marks the destination removed: it is not current any more. Its offers stay in the statistics.
void remove(std::int64_t id) {
    sql::Connection connection = connect_migrated(Data::kCalls);
    const sql::Rows rows = connection.query(queries::remove_destination, {std::to_string(id)}, sql::kNoDeadline);
    if (rows.size() == 0)
        throw console::Refusal{"there is no destination " + std::to_string(id) +
                               "\nSee: queue-statistics destination list --queue ID"};
    std::cout << "Destination " << id << " (" << rows.text(0, 1) << ' ' << rows.text(0, 2) << " of queue "
              << rows.text(0, 0)
              << (rows.boolean(0, 3) ? ") was removed before; nothing changed.\n"
                                     : ") is removed. Its calls stay in the statistics; `destination add` with the "
                                       "same queue, type and number puts it back.\n");
}

}  // namespace

void add_destination(Group& all) {
    Group destination = all.group("destination", "Destinations, such as phones, to which a queue offers its callers");
    destination.command<NewDestination>("add", "Add a destination, or put a removed one back, and print its id", add,
                                        [](Arguments& takes, NewDestination& added) {
                                            takes.id("--queue", added.queue, "The queue")
                                                .id("--id", added.id, "Its id, instead of the next one")
                                                .text("DTYPE", added.dtype,
                                                      "Its type: phone, forward, peer, sipuri, ...")
                                                .text("DNUMBER", added.dnumber, "Its number");
                                        });
    destination.command<std::int64_t>(
        "list", "List a queue's destinations, removed ones too", list,
        [](Arguments& takes, std::int64_t& queue) { takes.id("--queue", queue, "The queue"); });
    destination.command<std::int64_t>(
        "remove", "Mark a destination removed; its calls stay in the statistics", remove,
        [](Arguments& takes, std::int64_t& id) { takes.id("ID", id, "The destination"); });
}

}  // namespace admin::site
