#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sql/connection.hpp"

/// queue-statistics customer ...
namespace admin {

struct NewCustomer {
    std::optional<std::int64_t> id;      ///< none: the next
    std::optional<std::int64_t> parent;  ///< the customer above
    std::string name;                    ///< 1..255 characters; need not be unique
};

/// Prints the new id.
void add_customer(const NewCustomer& customer);

void list_customers();

/// Marks the customer deleted, with which everything below it is seen no more. Nothing is removed.
void delete_customer(std::int64_t id);

/// Throws Refusal unless the customer exists, deleted or not.
void require_customer(sql::Connection& connection, std::int64_t id);

/// Throws Refusal unless the customer exists and neither it nor one above it is deleted.
void require_current_customer(sql::Connection& connection, std::int64_t id);

}  // namespace admin
