#pragma once

namespace admin {

class Group;
}

/// The commands that write offers and callers directly, not by events of a phone system.
namespace admin::calls {

void add_csv(Group& imports);  ///< queue-statistics import csv, import callers

}  // namespace admin::calls
