#pragma once

#include <cstdint>

#include "admin/console/progress.hpp"
#include "sql/connection.hpp"

/// Deletes a customer for good. Not part of the command, which only asks and tells.
namespace admin::site {

/// How many rows a purge deleted.
struct Purged {
    std::int64_t customers = 0;
    std::int64_t queues = 0;
    std::int64_t people = 0;
    std::int64_t offers = 0;
    std::int64_t callers = 0;
    std::int64_t events = 0;  ///< of phone systems; waiting ones too
    std::int64_t rows = 0;    ///< as phone systems inserted them; problems too
};

/// Deletes a deleted customer with all that is below it: customers, queues, destinations, calls of both kinds, sums,
/// events, rows of phone systems, mappings and people. On a shard it leaves what is the router's: customers, queues and
/// people; on a router it deletes these, and may only be called when no shard has any of the rest. Each step is a
/// transaction of at most 10,000 rows of a table, or of 2 MiB of events, which takes a moment and for which no phone
/// system waits. May be killed and run again: the next run goes on. Throws sql::Failure with SQLSTATE 55000 when the
/// customer is not deleted, and with 23503 when somebody still writes calls into a queue of the customer.
Purged purge_customer(sql::Connection& connection, std::int64_t id, console::Progress& progress);

}  // namespace admin::site
