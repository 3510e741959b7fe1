#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sql/connection.hpp"

/// queue-statistics queue ...
namespace admin {

struct NewQueue {
    std::optional<std::int64_t> id;  ///< none: the next
    std::int64_t customer = 0;
    std::string name;  ///< 1..255 characters; the customer has no other queue of that name, deleted ones aside
};

/// Prints the new id.
void add_queue(const NewQueue& queue);

/// customer: only that one's queues.
void list_queues(std::optional<std::int64_t> customer);

/// Marks the queue deleted: its statistics are seen no more, its name is free again. Nothing is removed.
void delete_queue(std::int64_t id);

/// Throws Refusal unless the queue exists. Returns whether it is deleted.
bool is_queue_deleted(sql::Connection& connection, std::int64_t id);

}  // namespace admin
