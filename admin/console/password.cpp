#include "admin/console/password.hpp"

#include <poll.h>
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

/// Until destruction, signals that would end or stop the program come only during wait_for_input(), and are noted. One
/// that came between a look at signal_received and a read() would leave the read() waiting.
class DeferredSignals {
  public:
    DeferredSignals() {
        struct sigaction note {};
        note.sa_handler = [](int number) { signal_received = number; };
        sigset_t blocked;
        sigemptyset(&blocked);
        for (const int number : kNumbers) sigaddset(&blocked, number);
        sigprocmask(SIG_BLOCK, &blocked, &mask_before_);
        for (std::size_t i = 0; i < kNumbers.size(); ++i) sigaction(kNumbers[i], &note, &before_[i]);
    }
    ~DeferredSignals() {
        for (std::size_t i = 0; i < kNumbers.size(); ++i) sigaction(kNumbers[i], &before_[i], nullptr);
        sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
    }
    DeferredSignals(const DeferredSignals&) = delete;
    DeferredSignals& operator=(const DeferredSignals&) = delete;

    /// Waits until standard input can be read, or a signal came.
    void wait_for_input() const {
        pollfd input{STDIN_FILENO, POLLIN, 0};
        while (!signal_received && ppoll(&input, 1, nullptr, &mask_before_) < 0 && errno == EINTR) {
        }
    }

  private:
    sigset_t mask_before_{};
    static constexpr std::array<int, 5> kNumbers{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
    std::array<struct sigaction, 5> before_{};
};

/// Reads one line of standard input without its line feed; of a line longer than most_bytes, the first most_bytes + 1.
/// Returns nullopt at the end of the input and when a signal came. deferred: the signals that may come; null: they take
/// their usual effect.
std::optional<std::string> read_line(std::size_t most_bytes, const DeferredSignals* deferred) {
    std::string line;
    line.reserve(most_bytes + 2);  // never moved, so that no copy of it stays behind
    for (;;) {
        if (deferred != nullptr) deferred->wait_for_input();
        if (signal_received) break;
        char c = 0;
        const ssize_t got = read(STDIN_FILENO, &c, 1);
        if (got < 0 && errno == EINTR) continue;
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
            line = read_line(most_bytes, &deferred);
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
        password = read_line(most_bytes, nullptr);
    }
    if (!password || password->empty())
        throw Refusal{"no password was given; nothing changed\nType it at the prompt, or write it to standard input."};
    if (password->size() > most_bytes)
        throw Refusal{"the password is longer than " + std::to_string(most_bytes) + " bytes"};
    return *std::move(password);
}

}  // namespace admin::console
