#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace admin::console {

/// A line on standard error that says how far a long command is; nothing at all when that is no terminal.
class Progress {
  public:
    Progress();
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// So many lines were read; shown a few times a second.
    void lines(std::int64_t count);

    /// What is done now.
    void step(std::string_view what);

    /// Takes the line away, for a message or the end.
    void clear();

  private:
    using Clock = std::chrono::steady_clock;

    bool terminal_;
    bool shown_ = false;
    Clock::time_point started_ = Clock::now();
    Clock::time_point next_ = started_;
};

}  // namespace admin::console
