#pragma once

#include <cstdint>
#include <string>

#include "sql/connection.hpp"

/// Looks up a customer or a queue that the administrator named. Not part of a command, because commands of other rooms
/// use it too.
namespace admin::site {

/// Whether the customer exists, deleted or not.
bool has_customer(sql::Connection& connection, std::int64_t id);

/// Throws console::Refusal unless the customer exists, deleted or not.
void require_customer(sql::Connection& connection, std::int64_t id);

/// Throws console::Refusal unless the customer exists and neither it nor one above it is deleted.
void require_current_customer(sql::Connection& connection, std::int64_t id);

/// Whether the queue exists, deleted or not.
bool has_queue(sql::Connection& connection, std::int64_t id);

/// Throws console::Refusal unless the queue exists. Returns whether it is deleted.
bool is_queue_deleted(sql::Connection& connection, std::int64_t id);

/// Throws console::Refusal when an import names queues of the customer that this shard does not have: the router would
/// not find their calls here. rows: name and shard of each such queue, the shard null where there is no such queue.
void refuse_foreign_queues(const sql::Rows& rows, const std::string& customer);

}  // namespace admin::site
