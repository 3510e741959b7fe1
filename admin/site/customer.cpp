#include "admin/site/customer.hpp"

#include <iostream>

#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/queries.hpp"

namespace admin {
namespace {

sql::Rows find_customer(sql::Connection& connection, std::int64_t id) {
    return connection.query(queries::find_customer, {std::to_string(id)}, sql::kNoDeadline);
}

sql::Rows require(sql::Connection& connection, std::int64_t id) {
    sql::Rows rows = find_customer(connection, id);
    if (rows.size() == 0)
        throw Refusal{"there is no customer " + std::to_string(id) + "\nSee: queue-statistics customer list"};
    return rows;
}

}  // namespace

void require_customer(sql::Connection& connection, std::int64_t id) { require(connection, id); }

void require_current_customer(sql::Connection& connection, std::int64_t id) {
    const sql::Rows rows = require(connection, id);
    if (rows.boolean(0, 1)) throw Refusal{"customer " + std::to_string(id) + " is deleted"};
    if (rows.boolean(0, 2)) throw Refusal{"a customer above customer " + std::to_string(id) + " is deleted"};
}

void add_customer(const NewCustomer& customer) {
    check_name("the name", customer.name);
    sql::Connection connection = connect_migrated();
    sql::Transaction transaction{connection, sql::kNoDeadline};
    if (customer.parent) require_current_customer(connection, *customer.parent);
    if (customer.id && find_customer(connection, *customer.id).size() > 0)
        throw Refusal{"there is a customer " + std::to_string(*customer.id) + " already"};
    advance_sequence(connection, "customers", customer.id.value_or(0));
    const sql::Rows rows =
        connection.query(queries::insert_customer, {parameter(customer.id), parameter(customer.parent), customer.name},
                         sql::kNoDeadline);
    transaction.commit(sql::kNoDeadline);
    std::cout << rows.text(0, 0) << '\n';
}

void list_customers() {
    sql::Connection connection = connect_migrated();
    print_table("id\tparent\tname\tdeleted", connection.query(queries::list_customers, {}, sql::kNoDeadline));
}

void delete_customer(std::int64_t id) {
    sql::Connection connection = connect_migrated();
    const sql::Rows rows = connection.query(queries::delete_customer, {std::to_string(id)}, sql::kNoDeadline);
    if (rows.size() == 0) {
        require_customer(connection, id);
        std::cout << "Customer " << id << " was deleted before; nothing changed.\n";
        return;
    }
    std::cout << "Customer " << id << " (" << rows.text(0, 0) << ") is marked deleted, and with it "
              << counted(rows.integer(0, 3), "customer", "customers")
              << " below it: " << counted(rows.integer(0, 1), "queue is", "queues are") << " no longer seen, "
              << counted(rows.integer(0, 2), "person", "people") << " can no longer log in. No row was removed.\n";
}

}  // namespace admin
