#pragma once

#include <string>

/// queue-statistics grant ...: rights of a database role, which must exist. Repeating one changes nothing.
namespace admin {

/// The responder's: what the function needs and nothing else; it cannot write, and cannot list people.
void grant_reader(const std::string& role);

/// A site's own loader's: select, insert, update, delete on calls; select, insert, update on queues and destinations.
void grant_writer(const std::string& role);

/// A phone system's: inserts into queue_log and freeswitch_events, and can do nothing else, not even read them.
void grant_phone_system(const std::string& role);

}  // namespace admin
