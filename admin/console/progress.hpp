#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace admin::console {

/// A line on standard error that says how far a long command is. Shows nothing when standard error is not a terminal.
class Progress {
  public:
    Progress();
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// Shows how many lines were read. May be called for every line: it shows at most five counts per second.
    void lines(std::int64_t count);

    /// Shows what the command does now.
    void step(std::string_view what);

    /// Removes the line, before a message and at the end.
    void clear();

  private:
    using Clock = std::chrono::steady_clock;

    bool terminal_;
    bool shown_ = false;
    Clock::time_point started_ = Clock::now();
    Clock::time_point next_ = started_;
};

}  // namespace admin::console
