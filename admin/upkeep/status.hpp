#pragma once

/// queue-statistics status
namespace admin {

/// Prints what is in the database, and in words what is wrong with it.
void status();

/// The same for a monitor, in the manner of Nagios' plugins: prints one line, `QUEUE STATISTICS OK - ...`, WARNING for
/// what is wrong with a database that can be used, or CRITICAL for one that cannot, and performance data after a `|`.
/// Returns the exit code, 0, 1 or 2. Never throws for a database that is away.
int check_status();

}  // namespace admin
