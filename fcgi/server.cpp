#include "fcgi/server.hpp"

#include <fcgiapp.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

namespace fcgi {
namespace {

constexpr int kListeningSocket = 0;
/// Out of descriptors or memory: time for others to give some back.
constexpr timespec kExhaustedPause{0, 100'000'000};

volatile sig_atomic_t stop_asked = 0;

void ask_stop(int) { stop_asked = 1; }
void interrupt(int) {}  // ends the system call that waits, nothing else

void handle_signal(int signal, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;  // without SA_RESTART
    sigaction(signal, &action, nullptr);
}

[[noreturn]] void fail(const char* call) { throw std::system_error{errno, std::generic_category(), call}; }

/// Bounds a peer's sending as a whole: libfcgi waits for each byte anew, so that a peer which sends one a second would
/// hold the process for ever. SIGALRM interrupts the wait, which libfcgi takes for a broken connection; again and
/// again, in case a signal came just before a wait.
class ReceiveDeadline {
  public:
    explicit ReceiveDeadline(std::chrono::milliseconds timeout) { set(timeout, std::chrono::milliseconds{50}); }
    ~ReceiveDeadline() { set({}, {}); }
    ReceiveDeadline(const ReceiveDeadline&) = delete;
    ReceiveDeadline& operator=(const ReceiveDeadline&) = delete;

  private:
    static void set(std::chrono::milliseconds first, std::chrono::milliseconds then) {
        const auto as_timeval = [](std::chrono::milliseconds time) {
            return timeval{time.count() / 1000, time.count() % 1000 * 1000};
        };
        const itimerval timer{as_timeval(then), as_timeval(first)};
        setitimer(ITIMER_REAL, &timer, nullptr);
    }
};

/// One accepted connection and the request on it. libfcgi is given the connection instead of being let to accept: its
/// own loop takes another connection when one sends garbage, and has no deadline.
class Exchange {
  public:
    Exchange(int connection, std::chrono::milliseconds timeout) {
        const timeval limit{timeout.count() / 1000, timeout.count() % 1000 * 1000};
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        FCGX_InitRequest(&request_, -1, 0);
        request_.ipcFd = connection;
        request_.keepConnection = 1;  // else FCGX_Accept_r closes it before it starts
        const ReceiveDeadline deadline{timeout};
        received_ = FCGX_Accept_r(&request_) == 0;
        if (received_) read_body();
    }
    ~Exchange() {
        request_.keepConnection = 0;
        FCGX_Finish_r(&request_);
    }
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    /// Whether a whole request came.
    bool received() const { return received_; }

    /// Precondition: received(). The views live as long as *this.
    CgiRequest request() const {
        const auto variable = [this](const char* name) {
            const char* const value = FCGX_GetParam(name, request_.envp);
            return value == nullptr ? std::string_view{} : std::string_view{value};
        };
        return {.method = variable("REQUEST_METHOD"),
                .document_uri = variable("DOCUMENT_URI"),
                .script_name = variable("SCRIPT_NAME"),
                .path_info = variable("PATH_INFO"),
                .query_string = variable("QUERY_STRING"),
                .content_type = variable("CONTENT_TYPE"),
                .content_length = variable("CONTENT_LENGTH"),
                .content_encoding = variable("HTTP_CONTENT_ENCODING"),
                .authorization = variable("HTTP_AUTHORIZATION"),
                .remote_addr = variable("REMOTE_ADDR"),
                .request_id = variable("REQUEST_ID"),
                .queued_at = variable("QUEUED_AT"),
                .body = {body_.data(), body_bytes_}};
    }

    void send(const Response& response) {
        std::string text = "Status: " + std::to_string(response.status) + " ";
        text += response.reason;
        text += "\r\n";
        for (const auto& [name, value] : response.headers) {
            text += name;
            text += ": ";
            text += value;
            text += "\r\n";
        }
        text += "\r\n";
        text += response.body;
        FCGX_PutStr(text.data(), static_cast<int>(text.size()), request_.out);
    }

  private:
    void read_body() {
        const int read = FCGX_GetStr(body_.data(), static_cast<int>(body_.size()), request_.in);
        body_bytes_ = read > 0 ? static_cast<std::size_t>(read) : 0;
    }

    FCGX_Request request_{};
    bool received_ = false;
    std::array<char, kMaxBodyBytes + 1> body_;
    std::size_t body_bytes_ = 0;
};

/// Waits for a connection or a signal to stop; -1 for the signal, or when another process was quicker.
int next_connection(const sigset_t& while_waiting, Log& log) {
    pollfd listening{kListeningSocket, POLLIN, 0};
    if (ppoll(&listening, 1, nullptr, &while_waiting) < 0) {
        if (errno != EINTR) fail("ppoll");
        return -1;
    }
    const int connection = accept4(kListeningSocket, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) return connection;
    switch (errno) {
        case EAGAIN:
        case EINTR:
        case ECONNABORTED:
            break;
        case EMFILE:
        case ENFILE:
        case ENOBUFS:
        case ENOMEM:
            log.write(std::string{"error accept: "} + std::strerror(errno));
            nanosleep(&kExhaustedPause, nullptr);
            break;
        default:
            fail("accept4");
    }
    return -1;
}

}  // namespace

bool is_listening_socket(int descriptor) {
    int listens = 0;
    socklen_t size = sizeof listens;
    return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens != 0;
}

void serve(const ServerOptions& options, Log& log, const std::function<Response(const CgiRequest&)>& handle) {
    // Ours stand before FCGX_Init, which would put its own in their place.
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) handle_signal(signal, ask_stop);
    handle_signal(SIGPIPE, SIG_IGN);
    handle_signal(SIGALRM, interrupt);
    if (FCGX_Init() != 0) throw std::runtime_error{"FCGX_Init failed"};

    sigset_t stopping;
    sigset_t while_waiting;
    sigemptyset(&stopping);
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) sigaddset(&stopping, signal);
    sigprocmask(SIG_BLOCK, &stopping, &while_waiting);
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) sigdelset(&while_waiting, signal);
    fcntl(kListeningSocket, F_SETFL, fcntl(kListeningSocket, F_GETFL) | O_NONBLOCK);

    while (stop_asked == 0) {
        const int connection = next_connection(while_waiting, log);
        if (connection < 0) continue;
        Exchange exchange{connection, options.receive_timeout};
        if (exchange.received()) exchange.send(handle(exchange.request()));
    }
}

}  // namespace fcgi
