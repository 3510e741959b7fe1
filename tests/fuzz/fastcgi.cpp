#include "tests/unit/fastcgi.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <map>
#include <string>
#include <thread>

#include "fcgi/server.hpp"
#include "http/handler.hpp"
#include "http/log.hpp"
#include "tests/fuzz/contract.hpp"
#include "tests/unit/fake_counters.hpp"
#include "tests/unit/fake_store.hpp"
#include "tests/unit/handler_options.hpp"

namespace {

/// Far above the server's own timeouts.
constexpr int kDeadlineMs = 5000;

/// Serves on a socket with an abstract name, in a thread of its own, as long as the process lives.
sockaddr_un start_server() {
    const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address.sun_family);  // the kernel chooses a name
    socklen_t size = sizeof address;
    getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    MUST(listen(listener, 64) == 0 && dup2(listener, STDIN_FILENO) == STDIN_FILENO);
    std::thread{[] {
        FakeStore store;
        FakeSlots slots;
        FakeCounters counters;
        slots.all_taken = true;  // to hash would take long
        http::Handler handler{store, slots, counters, default_options()};
        http::Log log;
        fcgi::serve({.receive_timeout = std::chrono::milliseconds{200}}, log, [&](const http::Request& request, int) {
            http::LogEntry entry;
            store.asked.clear();
            return handler.handle(request, -1, {std::chrono::steady_clock::now(), std::chrono::system_clock::now()},
                                  entry);
        });
    }}.detach();
    // Only the server's thread gets its alarms: in this thread an alarm would interrupt a wait.
    sigset_t alarm;
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &alarm, nullptr);
    return address;
}

/// All that the server sends until it hangs up.
std::string exchange(std::string_view request) {
    static const sockaddr_un address = start_server();
    const int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const socklen_t size = sizeof address.sun_family + 6;  // an abstract name that the kernel chose: NUL and 5 digits
    MUST(connect(connection, reinterpret_cast<const sockaddr*>(&address), size) == 0);
    while (!request.empty()) {
        const ssize_t sent = send(connection, request.data(), request.size(), MSG_NOSIGNAL);
        if (sent <= 0) break;  // it has hung up already
        request.remove_prefix(static_cast<std::size_t>(sent));
    }
    shutdown(connection, SHUT_WR);
    std::string received;
    char buffer[65536];
    for (;;) {
        pollfd ready{connection, POLLIN, 0};
        MUST(poll(&ready, 1, kDeadlineMs) == 1);  // else the server hangs: neither an answer nor an end
        const ssize_t got = recv(connection, buffer, sizeof buffer, 0);
        if (got <= 0) break;
        received.append(buffer, static_cast<std::size_t>(got));
    }
    close(connection);
    return received;
}

}  // namespace

/// The input is what a peer sends on a FastCGI connection.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view request = fuzz::text_of(data, size);
    const std::string received = exchange(request);
    std::string_view rest = received;
    std::string answer;
    bool ended = false;
    for (fastcgi::Record record{}; fastcgi::take(rest, record);) {
        MUST(record.version == 1);
        if (record.type == fastcgi::kStdout) answer += record.content;
        ended = ended || record.type == fastcgi::kEnd;
    }
    MUST(rest.empty());
    if (answer.empty()) return 0;
    MUST(ended);

    const std::size_t blank = answer.find("\r\n\r\n");
    MUST(blank != answer.npos);
    std::string_view head = std::string_view{answer}.substr(0, blank);
    std::map<std::string, std::string> headers;
    while (!head.empty()) {
        std::string_view line = fuzz::take(head);
        if (line.ends_with('\r')) line.remove_suffix(1);
        const std::string name{fuzz::take(line, ':')};
        MUST(headers.emplace(name, line.substr(1)).second);
    }
    const std::string body = answer.substr(blank + 4);
    fuzz::check_answer(std::stoi(headers.at("Status")), headers, body,
                       body.empty() && headers.at("Content-Length") != "0");
    return 0;
}
