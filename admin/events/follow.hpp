#pragma once

#include <cstdint>
#include <string>

/// queue-statistics import asterisk --follow: the work; the command is in asterisk.cpp.
namespace admin::events {

/// Brings in what Asterisk writes into its queue_log, as it comes, until SIGTERM or SIGINT; then returns 0. Each batch
/// of lines is folded, and the position in the log moved, in one transaction: however this or the database ends, the
/// next run goes on with the first line that is not in. While the database is away it waits and tries again. At the
/// first run it begins at the log's beginning. Missing queues are made for the customer.
///
/// Says on standard output what it begins with and, from then on, what happens to the log and the database; bad lines
/// are named on standard error. source: which phone system writes the log.
int follow_asterisk(std::int64_t customer, const std::string& source, const std::string& file);

}  // namespace admin::events
