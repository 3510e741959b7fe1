#include "fcgi/server.hpp"

#include <fcgiapp.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include "fcgi/arrival.hpp"
#include "http/form.hpp"

namespace fcgi {
namespace {

constexpr int kListeningSocket = 0;
/// The pause when descriptors or memory have run out, in which other processes may give some back.
constexpr timespec kExhaustedPause{0, 100'000'000};
constexpr std::size_t kUsualHead = 512;  // bytes of an answer's header lines

void handle_signal(int signal, void (*handler)(int), int flags = 0) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigaction(signal, &action, nullptr);
}

[[noreturn]] void fail(const char* call) { throw std::system_error{errno, std::generic_category(), call}; }

int new_epoll() {
    const int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0) fail("epoll_create1");
    return epoll;
}

void watch(int epoll, int descriptor, std::uint32_t events) {
    epoll_event event{.events = events, .data = {.fd = descriptor}};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0) fail("epoll_ctl");
}

/// Hangs up on a peer that reads its answer too slowly. libfcgi waits for each byte anew: a peer that reads one byte
/// per second would hold the process for ever. The alarm shuts the connection down, and libfcgi's wait returns.
///
/// The timer stays set from one request to the next. An alarm that comes too early sets the timer again. So a busy
/// process makes one system call per timeout, not several per request.
class Watch {
  public:
    /// connection: -1 for no connection. At most one Watch may live at a time.
    Watch(int connection, std::chrono::milliseconds timeout) {
        hang_up_at = Clock::now() + timeout;
        watched = connection;
        if (!timer_is_set) set_timer(timeout);
    }
    ~Watch() { watched = -1; }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    static void on_alarm(int) {
        const int interrupted = errno;
        timer_is_set = false;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(hang_up_at.load() - Clock::now());
        if (watched >= 0 && left.count() > 0) set_timer(left);
        if (watched >= 0 && left.count() <= 0) shutdown(watched, SHUT_RDWR);
        errno = interrupted;
    }

  private:
    using Clock = std::chrono::steady_clock;

    static void set_timer(std::chrono::milliseconds after) {
        timer_is_set = true;
        const itimerval timer{{0, 0}, {after.count() / 1000, after.count() % 1000 * 1000}};
        setitimer(ITIMER_REAL, &timer, nullptr);
    }

    // Shared with the signal handler, so they must be lock-free.
    static inline std::atomic<Clock::time_point> hang_up_at;
    static inline std::atomic<int> watched{-1};
    static inline std::atomic<bool> timer_is_set{false};
};

/// Looks at the bytes that arrive on a connection, without taking them, until the request is whole or garbage, or no
/// more bytes come. A web server sends a request at once: only other peers cost more than one system call.
class Arrivals {
  public:
    /// What has arrived when the wait ends, after timeout at the latest.
    Arrival wait(int connection, std::chrono::milliseconds timeout) {
        const auto end = std::chrono::steady_clock::now() + timeout;
        bool watched = false;
        bool ended = false;  // the peer will not send any more
        for (;;) {
            const ssize_t size = recv(connection, received_.data(), received_.size(), MSG_PEEK | MSG_DONTWAIT);
            if (size == 0 || (size < 0 && errno != EAGAIN)) return Arrival::kUnfinished;
            const Arrival arrival = look_at({received_.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))});
            if (arrival == Arrival::kGarbage || arrival == Arrival::kWhole || ended) return arrival;
            // Edge-triggered, because the bytes stay in the socket. Closing the connection ends the watch.
            if (!watched) watch(epoll_, connection, EPOLLIN | EPOLLRDHUP | EPOLLET);
            watched = true;
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
            epoll_event event{};
            if (left.count() <= 0 || epoll_wait(epoll_, &event, 1, static_cast<int>(left.count())) == 0) return arrival;
            ended = (event.events & (EPOLLRDHUP | EPOLLHUP)) != 0;
        }
    }

  private:
    const int epoll_ = new_epoll();
    /// Room for all that look_at() accepts, with the headers and the padding of the records.
    std::array<char, 2 * kMaxParameterBytes> received_;
};

/// Sets what a CGI variable, in the form NAME=value, says of the request. Of several with one name the first counts.
void set(http::Request& request, std::string_view variable) {
    struct Variable {
        std::string_view name;
        std::string_view http::Request::*value;
    };
    static constexpr std::array<Variable, 12> kVariables{{{"REQUEST_METHOD", &http::Request::method},
                                                          {"DOCUMENT_URI", &http::Request::document_uri},
                                                          {"SCRIPT_NAME", &http::Request::script_name},
                                                          {"PATH_INFO", &http::Request::path_info},
                                                          {"QUERY_STRING", &http::Request::query_string},
                                                          {"CONTENT_TYPE", &http::Request::content_type},
                                                          {"CONTENT_LENGTH", &http::Request::content_length},
                                                          {"HTTP_CONTENT_ENCODING", &http::Request::content_encoding},
                                                          {"HTTP_AUTHORIZATION", &http::Request::authorization},
                                                          {"REMOTE_ADDR", &http::Request::remote_addr},
                                                          {"REQUEST_ID", &http::Request::request_id},
                                                          {"QUEUED_AT", &http::Request::queued_at}}};
    const std::size_t equals = variable.find('=');
    if (equals == std::string_view::npos) return;
    const std::string_view name = variable.substr(0, equals);
    for (const Variable& known : kVariables) {
        if (known.name != name) continue;
        std::string_view& value = request.*known.value;
        if (value.data() == nullptr) value = variable.substr(equals + 1);
        return;
    }
}

/// One accepted connection and its request. We accept the connection and hand it to libfcgi, because libfcgi's own
/// accept loop takes the next connection when one sends garbage, and has no deadline.
class Exchange {
  public:
    /// connection: owned from now on. arrival: kParameters or kWhole. timeout: for each write.
    Exchange(int connection, Arrival arrival, std::chrono::milliseconds timeout) : timeout_{timeout} {
        FCGX_InitRequest(&request_, -1, 0);
        request_.ipcFd = connection;
        request_.keepConnection = 1;  // else FCGX_Accept_r closes the connection before it starts
        FCGX_Detach(&request_);  // closing then just closes: libfcgi would wait up to 2 s for the peer to close first
        if (arrival != Arrival::kWhole) shutdown(connection, SHUT_RD);  // libfcgi would wait for the rest
        received_ = FCGX_Accept_r(&request_) == 0;
        if (received_) read_body();
    }
    ~Exchange() {
        const Watch watch{request_.ipcFd, timeout_};
        request_.keepConnection = 0;
        // When bytes may be left unread, a plain close would make the peer lose the answer: here libfcgi waits.
        if (body_bytes_ == body_.size()) FCGX_Attach(&request_);
        FCGX_Finish_r(&request_);
    }
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    /// Whether libfcgi could read the request.
    bool received() const { return received_; }

    int connection() const { return request_.ipcFd; }

    /// The request. Precondition: received(). The views are valid as long as *this lives.
    http::Request request() const {
        http::Request request{.body = {body_.data(), body_bytes_}};
        for (char** variable = request_.envp; *variable != nullptr; ++variable) set(request, *variable);
        return request;
    }

    void send(const http::Response& response) {
        std::string head;
        head.reserve(kUsualHead);
        head += "Status: ";
        head += std::to_string(response.status);
        head += ' ';
        head += response.reason;
        head += "\r\n";
        for (const auto& [name, value] : response.headers) {
            head += name;
            head += ": ";
            head += value;
            head += "\r\n";
        }
        head += "\r\n";
        const Watch watch{request_.ipcFd, timeout_};
        FCGX_PutStr(head.data(), static_cast<int>(head.size()), request_.out);
        FCGX_PutStr(response.body.data(), static_cast<int>(response.body.size()), request_.out);
    }

  private:
    void read_body() {
        const int read = FCGX_GetStr(body_.data(), static_cast<int>(body_.size()), request_.in);
        body_bytes_ = read > 0 ? static_cast<std::size_t>(read) : 0;
    }

    std::chrono::milliseconds timeout_;
    FCGX_Request request_{};
    bool received_ = false;
    std::array<char, http::kMaxBodyBytes + 1> body_;
    std::size_t body_bytes_ = 0;
};

/// A descriptor that becomes readable when SIGTERM, SIGINT or SIGUSR1 comes. Blocks these signals, so that they
/// interrupt no call.
int watch_for_stop() {
    sigset_t stopping;
    sigemptyset(&stopping);
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) sigaddset(&stopping, signal);
    sigprocmask(SIG_BLOCK, &stopping, nullptr);
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1})
        handle_signal(signal, SIG_DFL);  // an ignored signal would be lost
    const int stop = signalfd(-1, &stopping, SFD_CLOEXEC);
    if (stop < 0) fail("signalfd");
    return stop;
}

/// Waits for a connection or for a signal to stop. Returns whether the signal has come; a connection may have come too.
bool wait_for_stop_or_connection(int epoll, int stop) {
    std::array<epoll_event, 2> ready{};
    const int count = epoll_wait(epoll, ready.data(), ready.size(), -1);
    if (count < 0 && errno != EINTR) fail("epoll_wait");
    return std::any_of(ready.begin(), ready.begin() + std::max(count, 0),
                       [stop](const epoll_event& event) { return event.data.fd == stop; });
}

/// The next connection; -1 when no connection waits, for example because another process was quicker.
int accept_connection(http::Log& log) {
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
            log.write(core::Priority::kError, std::string{"error accept: "} + std::strerror(errno));
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

void serve(const ServerOptions& options, http::Log& log, const Handle& handle) {
    const int stop = watch_for_stop();
    handle_signal(SIGPIPE, SIG_IGN);  // before FCGX_Init, which sets a handler of its own where the default one is
    handle_signal(SIGALRM, Watch::on_alarm, SA_RESTART);  // libfcgi takes an interrupted call for a broken connection
    if (FCGX_Init() != 0) throw std::runtime_error{"FCGX_Init failed"};
    fcntl(kListeningSocket, F_SETFL, fcntl(kListeningSocket, F_GETFL) | O_NONBLOCK);

    const int epoll = new_epoll();
    watch(epoll, stop, EPOLLIN);
    // With EPOLLEXCLUSIVE a connection wakes one or a few of the processes that share the socket, not all.
    watch(epoll, kListeningSocket, EPOLLIN | EPOLLEXCLUSIVE);
    Arrivals arrivals;
    for (bool stopping = false; !stopping;) {
        stopping = wait_for_stop_or_connection(epoll, stop);
        // Accept also when stopping: the connection may have woken no other process.
        const int connection = accept_connection(log);
        if (connection < 0) continue;
        const Arrival arrival = arrivals.wait(connection, options.receive_timeout);
        if (arrival == Arrival::kGarbage)
            log.write(core::Priority::kWarning, "error connection: not one FastCGI request of a web server");
        if (arrival == Arrival::kGarbage || arrival == Arrival::kUnfinished) {
            close(connection);
            continue;
        }
        Exchange exchange{connection, arrival, options.receive_timeout};
        if (exchange.received()) exchange.send(handle(exchange.request(), exchange.connection()));
    }
}

}  // namespace fcgi
