#pragma once

#include <optional>

#include "sql/connection.hpp"

/// What a database is past one machine. docs/scaling.md has the picture.
namespace sql {

enum class NodeKind {
    kWhole,   ///< it has everything: a site of one machine
    kRouter,  ///< it has customers, people, queues and the directory; responders ask it
    kShard,   ///< it has the destinations, calls and events of its queues
};

struct Node {
    NodeKind kind = NodeKind::kWhole;
    int shard = 0;  ///< its number, when it is a shard
};

/// The database says it: a shard by the row of its table shard, a router by its server queue_statistics of PL/Proxy.
/// Precondition: it is migrated. Throws Failure.
Node node_of(Connection& connection, Deadline deadline);

/// The statements (sql/nodes) that make a database what it is, beside the migrations; empty for a whole one. They may
/// run any number of times, and must run as the owner of the schema, in a transaction. The text is a constant.
const char* node_script(NodeKind kind);

}  // namespace sql
