#include "admin/console/password.hpp"

#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <iostream>
#include <optional>
#include <string_view>

#include "admin/console/refusal.hpp"

namespace admin::console {
namespace {

volatile sig_atomic_t signal_received = 0;

/// Switches the echo of standard input's terminal off, until destruction.
class SilentTerminal {
  public:
    SilentTerminal() {
        tcgetattr(STDIN_FILENO, &before_);
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHOE | ECHOK);
        silent.c_lflag |= ECHONL;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~SilentTerminal() { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;

  private:
    termios before_{};
};

/// Until destruction, signals that would end or stop the program are noted and only interrupt read().
class DeferredSignals {
  public:
    DeferredSignals() {
        struct sigaction note {};
        note.sa_handler = [](int number) { signal_received = number; };
        for (std::size_t i = 0; i < kNumbers.size(); ++i) sigaction(kNumbers[i], &note, &before_[i]);
    }
    ~DeferredSignals() {
        for (std::size_t i = 0; i < kNumbers.size(); ++i) sigaction(kNumbers[i], &before_[i], nullptr);
    }
    DeferredSignals(const DeferredSignals&) = delete;
    DeferredSignals& operator=(const DeferredSignals&) = delete;

  private:
    static constexpr std::array<int, 5> kNumbers{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
    std::array<struct sigaction, 5> before_{};
};

/// Reads one line of standard input without its line feed; of a line longer than most_bytes, the first most_bytes + 1.
/// Returns nullopt at the end of the input and when a signal came.
std::optional<std::string> read_line(std::size_t most_bytes) {
    std::string line;
    line.reserve(most_bytes + 2);  // never moved, so that no copy of it stays behind
    for (;;) {
        char c = 0;
        const ssize_t got = read(STDIN_FILENO, &c, 1);
        if (got < 0 && errno == EINTR && !signal_received) continue;
        if (got <= 0) break;
        if (c == '\n') return line;
        if (line.size() <= most_bytes) line += c;
    }
    if (line.empty() || signal_received) return std::nullopt;
    return line;
}

/// Shows a prompt, then works like read_line(). A signal takes its usual effect once the terminal has its settings
/// back.
std::optional<std::string> prompt(std::string_view text, std::size_t most_bytes) {
    for (;;) {
        std::optional<std::string> line;
        signal_received = 0;
        {
            const DeferredSignals deferred;
            const SilentTerminal silent;
            std::cerr << text << std::flush;
            line = read_line(most_bytes);
        }
        if (!signal_received) return line;
        std::cerr << '\n';
        raise(signal_received);
        // We come here when the program was stopped and continued, or ignores the signal: ask again.
    }
}

}  // namespace

std::string read_new_password(std::size_t most_bytes) {
    std::optional<std::string> password;
    if (isatty(STDIN_FILENO)) {
        password = prompt("New password: ", most_bytes);
        std::optional<std::string> again = password ? prompt("Once more: ", most_bytes) : std::nullopt;
        const bool same = password == again;
        if (again) explicit_bzero(again->data(), again->size());
        if (!same) throw Refusal{"the two passwords differ; nothing changed"};
    } else {
        password = read_line(most_bytes);
    }
    if (!password || password->empty())
        throw Refusal{"no password was given; nothing changed\nType it at the prompt, or write it to standard input."};
    if (password->size() > most_bytes)
        throw Refusal{"the password is longer than " + std::to_string(most_bytes) + " bytes"};
    return *std::move(password);
}

}  // namespace admin::console
