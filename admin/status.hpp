#pragma once

/// queue-statistics status
namespace admin {

/// Prints what is in the database, and in words what is wrong with it.
void status();

}  // namespace admin
