#pragma once

#include <stdexcept>
#include <string>

namespace sql {
class Failure;
}

/// Why a command cannot do what it was asked.
namespace admin {

/// what() says in whole words what is wrong and what to do; may have several lines. Exit code 1.
class Refusal : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The same for a failure of the database: unreachable, not migrated, permission denied, ...
std::string explain(const sql::Failure& failure);

}  // namespace admin
