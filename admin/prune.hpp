#pragma once

#include <string>

/// queue-statistics prune
namespace admin {

/// Deletes the calls that started before a day (YYYY-MM-DD, at its start in UTC; not after today), 10,000 a transaction
/// at most, then rolls up. May be killed and run again. Throws Refusal for another date.
void prune(const std::string& before);

}  // namespace admin
