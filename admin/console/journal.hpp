#pragma once

#include <memory>
#include <ostream>
#include <streambuf>

namespace admin::console {

/// For as long as it lives, each line of a stream begins with the priority of an error, as the journal reads it
/// (core/journal.hpp). For std::cerr of a service: what stands there is wrong.
class ErrorPriority {
  public:
    explicit ErrorPriority(std::ostream& stream);
    ~ErrorPriority();
    ErrorPriority(const ErrorPriority&) = delete;
    ErrorPriority& operator=(const ErrorPriority&) = delete;

  private:
    std::ostream& stream_;
    std::streambuf* before_;
    std::unique_ptr<std::streambuf> lines_;
};

}  // namespace admin::console
