#pragma once

namespace admin {

class Group;
}

/// The commands for events of phone systems (PBX), from which the database makes calls.
namespace admin::events {

void add_asterisk(Group& imports);    ///< queue-statistics import asterisk
void add_freeswitch(Group& imports);  ///< queue-statistics import freeswitch
void add_map(Group& all);             ///< queue-statistics map ...
void add_forget(Group& all);          ///< queue-statistics forget

}  // namespace admin::events
