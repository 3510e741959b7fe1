#pragma once

#include <string_view>
#include <vector>

#include "sql/connection.hpp"

/// queue-statistics roll-up, and what other commands need of it.
namespace admin {

/// Sums up the calls until 15 minutes ago, and those that came or changed since they were summed, in transactions of
/// about 0.1 s that nobody waits for; may be killed at any point and run again. Says what it did. Another roll-up at
/// work does what this one would: it says so and does nothing. Waits up to 10 s for transactions that may have missed
/// the seal, then says which is the oldest and leaves the newest calls to the next run.
void roll_up();

/// Makes all sums anew, a stretch of a queue at a time, then rolls up. Answers stay fast meanwhile, and are as right or
/// wrong as the sums are.
void rebuild_sums();

/// Runs one step of the roll-up, in a transaction with the two locks that every step needs (0002_roll_up.sql). Throws
/// sql::Failure 55P03 when another roll-up is at work.
sql::Rows in_roll_up(sql::Connection& connection, const sql::Statement& step,
                     const std::vector<sql::Parameter>& parameters);

/// SQLSTATE of a lock that another one holds.
inline constexpr std::string_view kLockNotAvailable = "55P03";

}  // namespace admin
