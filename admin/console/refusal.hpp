#pragma once

#include <stdexcept>

/// Why a command cannot do what it was asked.
namespace admin::console {

/// what() says in whole words what is wrong and what to do; may have several lines. Exit code 1.
class Refusal : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace admin::console
