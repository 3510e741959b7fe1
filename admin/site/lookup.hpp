#pragma once

#include <cstdint>

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

}  // namespace admin::site
