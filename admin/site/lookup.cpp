#include "admin/site/lookup.hpp"

#include <string>

#include "admin/console/refusal.hpp"
#include "admin/name.hpp"
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

void refuse_foreign_queues(const sql::Rows& rows, const std::string& customer) {
    if (rows.size() == 0) return;
    const std::string queue = in_quotes(std::string{rows.text(0, 0)});
    if (rows.is_null(0, 1))
        throw console::Refusal{"there is no queue " + queue +
                               ", and a shard makes none; nothing was imported\nOn the router: queue-statistics queue "
                               "add --customer " +
                               customer + " NAME"};
    throw console::Refusal{"queue " + queue + " is on shard " + std::string{rows.text(0, 1)} +
                           "; nothing was imported\nImport there what is of its queues."};
}

}  // namespace admin::site
