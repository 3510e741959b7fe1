#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

#include "admin/command.hpp"
#include "admin/console/confirm.hpp"
#include "admin/console/progress.hpp"
#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/name.hpp"
#include "admin/site/commands.hpp"
#include "admin/site/lookup.hpp"
#include "admin/site/purge.hpp"
#include "admin/site/queries.hpp"
#include "sql/node.hpp"

namespace admin::site {
namespace {

constexpr std::string_view kStillReferenced = "23503";  // SQLSTATE

struct NewCustomer {
    std::optional<std::int64_t> id;      ///< nullopt: the next free one
    std::optional<std::int64_t> parent;  ///< the customer above
    std::string name;                    ///< 1..255 characters; need not be unique
};

/// Adds a customer and prints its id.
void add(const NewCustomer& customer) {
    check_name("the name", customer.name);
    sql::Connection connection = connect_migrated(Data::kSite);
    sql::Transaction transaction{connection, sql::kNoDeadline};
    if (customer.parent) require_current_customer(connection, *customer.parent);
    if (customer.id && has_customer(connection, *customer.id))
        throw console::Refusal{"there is a customer " + std::to_string(*customer.id) + " already"};
    advance_sequence(connection, "customers", customer.id.value_or(0));
    const sql::Rows rows =
        connection.query(queries::insert_customer, {parameter(customer.id), parameter(customer.parent), customer.name},
                         sql::kNoDeadline);
    transaction.commit(sql::kNoDeadline);
    std::cout << rows.text(0, 0) << '\n';
}

void list() {
    sql::Connection connection = connect_migrated(Data::kAny);
    print_table("id\tparent\tname\tdeleted", connection.query(queries::list_customers, {}, sql::kNoDeadline));
}

/// Marks the customer deleted: neither its queues nor anything below it is seen any more. No row is removed.
void remove(std::int64_t id) {
    sql::Connection connection = connect_migrated(Data::kSite);
    const sql::Rows rows = connection.query(queries::delete_customer, {std::to_string(id)}, sql::kNoDeadline);
    if (rows.size() == 0) {
        require_customer(connection, id);
        std::cout << "Customer " << id << " was deleted before; nothing changed.\n";
        return;
    }
    std::cout << "Customer " << id << " (" << rows.text(0, 0) << ") is marked deleted, and with it "
              << console::counted(rows.integer(0, 3), "customer", "customers")
              << " below it: " << console::counted(rows.integer(0, 1), "queue is", "queues are") << " no longer seen, "
              << console::counted(rows.integer(0, 2), "person", "people")
              << " can no longer log in. No row was removed.\n";
    follow_names(connection);
}

struct Purge {
    std::int64_t id = 0;
    bool yes = false;  ///< does not ask
};

/// Deletes a deleted customer and all below it for good. Throws console::Refusal when the customer is not deleted, or
/// when the administrator does not want it.
void purge(const Purge& options) {
    sql::Connection connection = connect_migrated(Data::kAny);
    const sql::NodeKind kind = sql::node_of(connection, sql::kNoDeadline).kind;
    const std::string id = std::to_string(options.id);
    const sql::Rows found = connection.query(queries::find_customer, {id}, sql::kNoDeadline);
    if (found.size() == 0) require_customer(connection, options.id);
    if (!found.boolean(0, 1) && !found.boolean(0, 2))
        throw console::Refusal{"customer " + id + " is not deleted\nFirst: queue-statistics customer delete " + id};
    if (kind == sql::NodeKind::kRouter)
        if (const sql::Rows left = connection.query(queries::find_unpurged_queue, {id}, sql::kNoDeadline);
            left.size() > 0)
            throw console::Refusal{
                "shard " + std::string{left.text(0, 1)} + " still has queue " + std::string{left.text(0, 0)} +
                ", and nothing was deleted\nFirst, on that shard: queue-statistics customer purge " + id};
    const std::string who = "Customer " + id + " (" + std::string{found.text(0, 0)} + ")";
    const sql::Rows below = connection.query(queries::count_purged, {id}, sql::kNoDeadline);
    console::confirm(who + ", " + console::counted(below.integer(0, 0), "customer", "customers") + " below it, " +
                         console::counted(below.integer(0, 1), "queue", "queues") + " with all calls and events, and " +
                         console::counted(below.integer(0, 2), "person", "people") + " will be deleted for good.",
                     options.yes);
    console::Progress progress;
    Purged purged;
    try {
        purged = purge_customer(connection, options.id, progress);
    } catch (const sql::Failure& failure) {
        progress.clear();
        if (failure.sqlstate() != kStillReferenced) throw;
        throw console::Refusal{"something still refers to what is to be deleted (" + failure.message() +
                               "): stop what still writes calls into these queues, and run this again"};
    }
    progress.clear();
    if (kind == sql::NodeKind::kShard) {
        std::cout << "What this shard had of customer " << id
                  << " is deleted for good: " << console::counted(purged.offers, "offer", "offers") << ", "
                  << console::counted(purged.callers, "caller", "callers") << ", "
                  << console::counted(purged.events, "event", "events") << " and "
                  << console::counted(purged.rows, "row", "rows")
                  << " of phone systems. At last, on the router: queue-statistics customer purge " << id << '\n';
        return;
    }
    std::cout << who << " is purged, with " << console::counted(purged.customers - 1, "customer", "customers")
              << " below it. Deleted for good: " << console::counted(purged.queues, "queue", "queues") << ", "
              << console::counted(purged.people, "person", "people") << ", "
              << console::counted(purged.offers, "offer", "offers") << ", "
              << console::counted(purged.callers, "caller", "callers") << ", "
              << console::counted(purged.events, "event", "events") << " and "
              << console::counted(purged.rows, "row", "rows") << " of phone systems.\n";
}

}  // namespace

void add_customer(Group& all) {
    Group customer = all.group("customer", "Customers, who have queues, people, and customers below them");
    customer.command<NewCustomer>("add", "Add a customer and print its id", add,
                                  [](Arguments& takes, NewCustomer& added) {
                                      takes.id("--parent", added.parent, "The customer above it")
                                          .id("--id", added.id, "Its id, instead of the next one")
                                          .text("NAME", added.name, "Its name");
                                  });
    customer.command("list", "List all customers, deleted ones too", list);
    customer.command<std::int64_t>("delete", "Mark a customer and all below it deleted; no row is removed", remove,
                                   [](Arguments& takes, std::int64_t& id) { takes.id("ID", id, "The customer"); });
    customer.command<Purge>(
        "purge",
        "Delete a deleted customer and all below it for good: queues, calls, events, people. It may be killed and run\n"
        "again",
        purge, [](Arguments& takes, Purge& purged) {
            takes.flag("--yes", purged.yes, "Do not ask; needed where there is no terminal")
                .id("ID", purged.id, "The customer");
        });
}

}  // namespace admin::site
