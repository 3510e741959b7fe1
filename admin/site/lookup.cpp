#include "admin/site/lookup.hpp"

#include <string>

#include "admin/console/refusal.hpp"
#include "admin/site/queries.hpp"

namespace admin::site {
namespace {

sql::Rows find_customer(sql::Connection& connection, std::int64_t id) {
    return connection.query(queries::find_customer, {std::to_string(id)}, sql::kNoDeadline);
}

sql::Rows find_queue(sql::Connection& connection, std::int64_t id) {
    return connection.query(queries::find_queue, {std::to_string(id)}, sql::kNoDeadline);
}

/// Throws console::Refusal when there is no such customer.
sql::Rows require(sql::Connection& connection, std::int64_t id) {
    sql::Rows rows = find_customer(connection, id);
    if (rows.size() == 0)
        throw console::Refusal{"there is no customer " + std::to_string(id) + "\nSee: queue-statistics customer list"};
    return rows;
}

}  // namespace

bool has_customer(sql::Connection& connection, std::int64_t id) { return find_customer(connection, id).size() > 0; }

void require_customer(sql::Connection& connection, std::int64_t id) { require(connection, id); }

void require_current_customer(sql::Connection& connection, std::int64_t id) {
    const sql::Rows rows = require(connection, id);
    if (rows.boolean(0, 1)) throw console::Refusal{"customer " + std::to_string(id) + " is deleted"};
    if (rows.boolean(0, 2)) throw console::Refusal{"a customer above customer " + std::to_string(id) + " is deleted"};
}

bool has_queue(sql::Connection& connection, std::int64_t id) { return find_queue(connection, id).size() > 0; }

bool is_queue_deleted(sql::Connection& connection, std::int64_t id) {
    const sql::Rows rows = find_queue(connection, id);
    if (rows.size() == 0)
        throw console::Refusal{"there is no queue " + std::to_string(id) + "\nSee: queue-statistics queue list"};
    return rows.boolean(0, 2);
}

}  // namespace admin::site
