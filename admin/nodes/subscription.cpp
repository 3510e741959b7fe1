#include "admin/nodes/subscription.hpp"

#include "admin/nodes/queries.hpp"

namespace admin::nodes {

bool may_subscribe(sql::Connection& connection, const std::string& publisher) {
    const bool has_password = sql::conninfo_value(publisher, "password").has_value();
    return connection.query(queries::may_subscribe, {has_password ? "true" : "false"}, sql::kNoDeadline).boolean(0, 0);
}

}  // namespace admin::nodes
