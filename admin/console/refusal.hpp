#pragma once

#include <stdexcept>

/// Why a command cannot do what it was asked.
namespace admin::console {

/// what() says in whole sentences what is wrong and what to do. It may have several lines. The exit code is 1.
class Refusal : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace admin::console
