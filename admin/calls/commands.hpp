#pragma once

namespace admin {

class Group;
}

/// The commands that write offers directly, not by events of a phone system.
namespace admin::calls {

void add_csv(Group& imports);  ///< queue-statistics import csv

}  // namespace admin::calls
