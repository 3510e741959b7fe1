#pragma once

#include <cstdint>
#include <string>

/// What `queue-statistics import asterisk --follow` does. The command itself is in asterisk.cpp.
namespace admin::events {

/// Imports the lines of Asterisk's queue_log as Asterisk writes them, until SIGTERM or SIGINT; then returns 0. Each
/// batch of lines is folded in one transaction, which also moves the position in the log. So whatever kills the program
/// or the database, the next run goes on with the first line that is not imported. The first run starts at the
/// beginning of the log. While the database is away, the program waits and tries again. Missing queues are made for the
/// customer.
///
/// Says on standard output where it begins and what happens to the log and the database; names bad lines on standard
/// error. source: the name of the phone system (PBX) that writes the log.
int follow_asterisk(std::int64_t customer, const std::string& source, const std::string& file);

}  // namespace admin::events
