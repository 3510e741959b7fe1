#pragma once

namespace admin {

class Group;
}

/// The commands for the schema, the rights, the sums and the state of the database.
namespace admin::upkeep {

void add_migrate(Group& all);  ///< queue-statistics migrate
void add_grant(Group& all);    ///< queue-statistics grant ...
void add_roll_up(Group& all);  ///< queue-statistics roll-up
void add_check(Group& all);    ///< queue-statistics check
void add_prune(Group& all);    ///< queue-statistics prune
void add_status(Group& all);   ///< queue-statistics status

}  // namespace admin::upkeep
