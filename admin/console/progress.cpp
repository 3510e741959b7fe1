#include "admin/console/progress.hpp"

#include <unistd.h>

#include <iostream>

#include "admin/console/text.hpp"

namespace admin::console {
namespace {

constexpr std::chrono::milliseconds kBetween{200};
constexpr std::string_view kClearLine = "\r\033[K";

}  // namespace

Progress::Progress() : terminal_{isatty(STDERR_FILENO) == 1} {}

Progress::~Progress() { clear(); }

void Progress::lines(std::int64_t count) {
    if (!terminal_) return;
    const auto now = Clock::now();
    if (now < next_) return;
    next_ = now + kBetween;
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - started_).count();
    const std::int64_t rate = elapsed > 0 ? count * 1000 / elapsed : 0;
    step(counted(count, "line", "lines") + " read, " + counted(rate, "line", "lines") + " a second");
}

void Progress::step(std::string_view what) {
    if (!terminal_) return;
    std::cerr << kClearLine << what << std::flush;
    shown_ = true;
}

void Progress::clear() {
    if (shown_) std::cerr << kClearLine << std::flush;
    shown_ = false;
}

}  // namespace admin::console
