#pragma once

namespace admin {

class Group;
}

/// The commands for customers, their queues, destinations, people and tokens.
namespace admin::site {

void add_customer(Group& all);     ///< queue-statistics customer ...
void add_queue(Group& all);        ///< queue-statistics queue ...
void add_destination(Group& all);  ///< queue-statistics destination ...
void add_person(Group& all);       ///< queue-statistics person ...
void add_token(Group& all);        ///< queue-statistics token ...

}  // namespace admin::site
