#pragma once

#include <string>

/// queue-statistics prune
namespace admin {

/// Deletes the calls that started before a day (YYYY-MM-DD, at its start in UTC; not after today), 10,000 a transaction
/// at most, and the phone systems' events that told of them, then rolls up. No event adds a call before the newest such
/// day again. May be killed and run again. Throws Refusal for another date.
void prune(const std::string& before);

}  // namespace admin
