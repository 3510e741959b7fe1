#pragma once

#include <cstddef>
#include <string>

#include "sql/connection.hpp"

namespace admin::upkeep {

/// What is in the database, in Prometheus' text format 0.0.4, as node_exporter reads it from a file. problems: how many
/// things are wrong. Throws sql::Failure.
std::string metrics_text(sql::Connection& connection, std::size_t problems);

}  // namespace admin::upkeep
