#include "http/log.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace http {
namespace {

constexpr std::size_t kMaxLineBytes = 2000;  // below PIPE_BUF (4096), so that lines of several processes never mix
constexpr std::size_t kUsualLine = 256;      // bytes, for reserving memory

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~' || c == '@' || c == ':';  // ':' for IPv6 addresses
}

std::string percent_encoded(std::string_view text, std::size_t max_bytes) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    if (text.empty()) return "-";
    std::string encoded;
    for (const char c : text.substr(0, max_bytes)) {
        if (is_plain(c)) {
            encoded += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
        }
    }
    return encoded;
}

std::string in_quotes(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
    }
    return result + '"';
}

std::string milliseconds(std::chrono::microseconds time) {
    const std::string thousandths = std::to_string(1000 + time.count() % 1000);
    return std::to_string(time.count() / 1000) + "." + thousandths.substr(1);
}

}  // namespace

std::string format(const LogEntry& entry) {
    std::string line;
    line.reserve(kUsualLine);
    line += "request id=" + percent_encoded(entry.id, 64) + " method=" + percent_encoded(entry.method, 16);
    line += " function=";
    line += entry.function;
    line += " status=" + std::to_string(entry.status) + " ms=" + milliseconds(entry.time) +
            " db_ms=" + milliseconds(entry.trace.database_time) + " rows=" + std::to_string(entry.trace.rows) +
            " person=" + (entry.trace.person ? std::to_string(*entry.trace.person) : "-");
    const std::string_view failure = entry.trace.login_failure;
    if (!failure.empty()) line += " auth failure";
    line += " client=" + percent_encoded(entry.client, 64);
    if (!failure.empty()) {
        line += " user=" + percent_encoded(entry.trace.username, 255) + " reason=";
        line += failure;
    }
    if (!entry.trace.overload.empty()) line += " overload=" + in_quotes(entry.trace.overload);
    if (!entry.error.empty()) line += " error=" + in_quotes(entry.error);
    line.resize(std::min(line.size(), kMaxLineBytes));
    return line;
}

core::Priority priority_of(const LogEntry& entry) {
    if (!entry.error.empty()) return core::Priority::kError;
    return entry.trace.overload.empty() ? core::Priority::kInformation : core::Priority::kWarning;
}

Log::Log(std::string_view journal_stream) {
    struct stat status {};
    if (fstat(STDERR_FILENO, &status) != 0) return;
    to_journal_ = core::is_journal(journal_stream, status.st_dev, status.st_ino);
    if (S_ISSOCK(status.st_mode)) {
        kind_ = Kind::kSocket;
    } else if (S_ISFIFO(status.st_mode)) {
        // Opened again: O_NONBLOCK on descriptor 2 itself would hold for every process that shares it.
        const int own = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
        if (own < 0) return;
        kind_ = Kind::kPipe;
        file_ = own;
    }
}

Log::~Log() {
    if (kind_ == Kind::kPipe) close(file_);
}

void Log::write(core::Priority priority, std::string_view line) {
    std::string text;
    const auto append = [&](core::Priority of_line, std::string_view words) {
        if (to_journal_) text += {'<', static_cast<char>(of_line), '>'};
        text += words;
        text += '\n';
    };
    if (lost_ > 0)
        append(core::Priority::kWarning, std::to_string(lost_) + " log lines were lost: nobody read standard error");
    append(priority, line);
    if (write_now(text))
        lost_ = 0;
    else
        ++lost_;
}

bool Log::write_now(std::string_view text) {
    const ssize_t written = kind_ == Kind::kSocket ? send(file_, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL)
                                                   : ::write(file_, text.data(), text.size());
    return written == static_cast<ssize_t>(text.size());
}

}  // namespace http
