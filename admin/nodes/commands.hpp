#pragma once

namespace admin {

class Group;
}

/// The commands for a site that is past one machine: a router and shards.
namespace admin::nodes {

void add_shard(Group& all);  ///< queue-statistics shard ...

}  // namespace admin::nodes
