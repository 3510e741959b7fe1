#pragma once

#include <string>

#include "sql/connection.hpp"

namespace admin::nodes {

/// Whether the role of a connection may make a subscription there that follows the server of the connection string
/// `publisher`. Throws sql::Failure.
bool may_subscribe(sql::Connection& connection, const std::string& publisher);

}  // namespace admin::nodes
