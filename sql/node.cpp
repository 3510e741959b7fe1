#include "sql/node.hpp"

#include "sql/nodes.hpp"
#include "sql/queries.hpp"

namespace sql {

Node node_of(Connection& connection, Deadline deadline) {
    const Rows rows = connection.query(queries::node, {}, deadline);
    if (!rows.is_null(0, 0)) return {NodeKind::kShard, static_cast<int>(rows.integer(0, 0))};
    return {rows.boolean(0, 1) ? NodeKind::kRouter : NodeKind::kWhole};
}

const char* node_script(NodeKind kind) {
    switch (kind) {
        case NodeKind::kRouter:
            return nodes::router.text;
        case NodeKind::kShard:
            return nodes::shard.text;
        case NodeKind::kWhole:
            break;
    }
    return "";
}

}  // namespace sql
