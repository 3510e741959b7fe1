#include "fcgi/server.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "http/form.hpp"
#include "tests/unit/fastcgi.hpp"

extern "C" void __gcov_dump() __attribute__((weak));  // defined only in a build that measures coverage

using namespace fastcgi;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kTimeout{500};
constexpr std::chrono::seconds kPatience{8};  // a loaded machine answers late, but one that never hangs up is found
constexpr std::size_t kHugeBytes = 1 << 20;   // more than a socket's buffers take

/// The handler of the server under test. Answers all variables and the body of the request; the method HUGE gets
/// kHugeBytes, and SLOW its answer half a second later.
http::Response tell(const http::Request& r, int) {
    http::Response response{.status = 200, .reason = "OK", .headers = {{"X-Test", "yes"}}, .body = {}};
    if (r.method == "HUGE") response.body.assign(kHugeBytes, 'x');
    if (r.method == "SLOW") std::this_thread::sleep_for(500ms);
    for (const std::string_view part :
         {r.method, r.document_uri, r.script_name, r.path_info, r.query_string, r.content_type, r.content_length,
          r.content_encoding, r.authorization, r.remote_addr, r.request_id, r.queued_at, r.body})
        response.body.append(part).append("|");
    return response;
}

/// A process that serves on a socket with an abstract name. Ends with the object.
class Server {
  public:
    Server() {
        int log[2];
        BOOST_REQUIRE(pipe2(log, O_CLOEXEC) == 0);
        const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        address_.sun_family = AF_UNIX;
        bind(listener, reinterpret_cast<sockaddr*>(&address_),
             sizeof address_.sun_family);  // the kernel chooses a name
        size_ = sizeof address_;
        getsockname(listener, reinterpret_cast<sockaddr*>(&address_), &size_);
        BOOST_REQUIRE(listen(listener, 64) == 0);
        pid_ = fork();
        if (pid_ == 0) {
            dup2(listener, STDIN_FILENO);
            dup2(log[1], STDERR_FILENO);
            if (!fcgi::is_listening_socket(STDIN_FILENO) || fcgi::is_listening_socket(log[1])) _exit(3);
            http::Log to_standard_error;
            fcgi::serve({.receive_timeout = kTimeout}, to_standard_error, tell);
            if (__gcov_dump != nullptr) __gcov_dump();
            _exit(0);  // without destructors, which belong to the parent
        }
        close(listener);
        close(log[1]);
        log_ = log[0];
    }
    ~Server() {
        if (pid_ > 0) stop();
        close(log_);
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    int connect() const {
        const int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        BOOST_REQUIRE(::connect(connection, reinterpret_cast<const sockaddr*>(&address_), size_) == 0);
        return connection;
    }

    void signal(int number) const { kill(pid_, number); }

    /// Stops the process by a signal. Returns its status as waitpid(2) does.
    int stop(int number = SIGTERM) {
        kill(pid_, number);
        int status = 0;
        waitpid(pid_, &status, 0);
        pid_ = 0;
        return status;
    }

    /// What the process has written to standard error; waits for it up to a second.
    std::string log() const {
        pollfd readable{log_, POLLIN, 0};
        char text[4096];
        if (poll(&readable, 1, 1000) != 1) return {};
        const ssize_t size = read(log_, text, sizeof text);
        return {text, static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
    }

  private:
    pid_t pid_ = 0;
    int log_ = -1;
    sockaddr_un address_{};
    socklen_t size_ = 0;
};

void send_all(int connection, std::string_view bytes) {
    BOOST_REQUIRE(send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
}

/// The content of what the server sends until it hangs up. "..." follows when the end of the request did not come.
std::string answer(int connection) {
    std::string received;
    char buffer[65536];
    for (ssize_t size = 0; (size = recv(connection, buffer, sizeof buffer, 0)) > 0;)
        received.append(buffer, static_cast<std::size_t>(size));
    close(connection);
    std::string content;
    bool ended = false;
    std::string_view rest = received;
    for (Record record{}; take(rest, record);) {
        if (record.type == kStdout) content += record.content;
        ended = ended || record.type == kEnd;
    }
    return ended && rest.empty() ? content : content + "...";
}

std::string head(std::string_view method, std::string_view length = "0") {
    return kBeginRecord + record(kParams, pair("REQUEST_METHOD", method) + pair("CONTENT_LENGTH", length)) +
           kNoMoreParams;
}

std::string get(const Server& server) {
    const int connection = server.connect();
    send_all(connection, head("GET") + kNoMoreBody);
    return answer(connection);
}

const std::string kTold = "Status: 200 OK\r\nX-Test: yes\r\n\r\n";
const std::string kGetAnswer = kTold + "GET||||||0|||||||";

std::chrono::milliseconds since(Clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server)

BOOST_AUTO_TEST_CASE(a_request_is_handed_over_and_answered) {
    const Server server;
    const int connection = server.connect();
    const std::string pairs = pair("REQUEST_METHOD", "POST") + pair("DOCUMENT_URI", "/a") + pair("SCRIPT_NAME", "/b") +
                              pair("PATH_INFO", "/c") + pair("QUERY_STRING", "d=1") + pair("CONTENT_TYPE", "e/f") +
                              pair("CONTENT_LENGTH", "7") + pair("HTTP_CONTENT_ENCODING", "gzip") +
                              pair("HTTP_AUTHORIZATION", "Basic h") + pair("REMOTE_ADDR", "192.0.2.1") +
                              pair("REQUEST_ID", "j") + pair("QUEUED_AT", "1.5") + pair("OTHER", "x");
    send_all(connection, kBeginRecord + record(kParams, pairs) + kNoMoreParams + record(kStdin, "queue") +
                             record(kStdin, "=1") + kNoMoreBody);
    BOOST_TEST(answer(connection) == kTold + "POST|/a|/b|/c|d=1|e/f|7|gzip|Basic h|192.0.2.1|j|1.5|queue=1|");
}

BOOST_AUTO_TEST_CASE(a_request_that_comes_in_parts_is_waited_for) {
    const Server server;
    const std::string request = head("POST", "2") + record(kStdin, "ab") + kNoMoreBody;
    const int connection = server.connect();
    for (std::size_t i = 0; i < request.size(); i += 10) {
        send_all(connection, std::string_view{request}.substr(i, 10));
        std::this_thread::sleep_for(10ms);
    }
    BOOST_TEST(answer(connection) == kTold + "POST||||||2||||||ab|");
}

BOOST_AUTO_TEST_CASE(a_body_that_does_not_end_is_handed_over_as_far_as_it_came) {
    const Server server;
    const auto start = Clock::now();
    const int waiting = server.connect();
    send_all(waiting, head("POST", "5") + record(kStdin, "abc"));
    BOOST_TEST(answer(waiting) == kTold + "POST||||||5||||||abc|");
    BOOST_TEST((since(start) >= kTimeout && since(start) < kTimeout + kPatience));

    const int ended = server.connect();
    const auto again = Clock::now();
    send_all(ended, head("POST", "5") + record(kStdin, "abc"));
    shutdown(ended, SHUT_WR);
    BOOST_TEST(answer(ended) == kTold + "POST||||||5||||||abc|");
    BOOST_TEST((since(again) < kTimeout));  // no more bytes will come, so the server does not wait
}

BOOST_AUTO_TEST_CASE(a_body_over_the_limit_is_handed_over_with_one_byte_too_many) {
    const Server server;
    const int connection = server.connect();
    send_all(connection, head("POST", "30000") + record(kStdin, std::string(30'000, 'x')) + kNoMoreBody);
    BOOST_TEST(answer(connection) == kTold + "POST||||||30000||||||" + std::string(http::kMaxBodyBytes + 1, 'x') + "|");
}

BOOST_AUTO_TEST_CASE(who_sends_nothing_or_too_little_is_hung_up_on) {
    const Server server;
    for (const std::string& part : {std::string{}, kBeginRecord, head("GET").substr(0, 30)}) {
        const auto start = Clock::now();
        const int connection = server.connect();
        send_all(connection, part);
        BOOST_TEST(answer(connection) == "...");
        BOOST_TEST((since(start) >= kTimeout && since(start) < kTimeout + kPatience));
    }
    close(server.connect());
    BOOST_TEST(get(server) == kGetAnswer);
}

BOOST_AUTO_TEST_CASE(garbage_is_hung_up_on_at_once_and_logged) {
    const Server server;
    const int connection = server.connect();
    const auto start = Clock::now();
    send_all(connection, "GET / HTTP/1.1\r\n\r\n");
    BOOST_TEST(answer(connection) == "...");
    BOOST_TEST((since(start) < kTimeout));
    BOOST_TEST(server.log() == "error connection: not one FastCGI request of a web server\n");
    BOOST_TEST(get(server) == kGetAnswer);
}

BOOST_AUTO_TEST_CASE(a_large_answer_comes_whole_and_one_that_nobody_takes_is_given_up) {
    const Server server;
    const int reading = server.connect();
    send_all(reading, head("HUGE") + kNoMoreBody);
    BOOST_TEST((answer(reading) == kTold + std::string(kHugeBytes, 'x') + "HUGE||||||0|||||||"));

    const auto start = Clock::now();
    const int not_reading = server.connect();
    send_all(not_reading, head("HUGE") + kNoMoreBody);
    BOOST_TEST(get(server) == kGetAnswer);
    BOOST_TEST((since(start) >= kTimeout && since(start) < kTimeout + kPatience));
    BOOST_TEST(answer(not_reading).ends_with("x..."));
}

BOOST_AUTO_TEST_CASE(a_signal_to_stop_is_obeyed_after_the_request_in_flight) {
    for (const int number : {SIGTERM, SIGINT, SIGUSR1}) {
        Server server;
        const int connection = server.connect();
        send_all(connection, head("SLOW") + kNoMoreBody);
        std::this_thread::sleep_for(200ms);
        server.signal(number);
        BOOST_TEST(answer(connection) == kTold + "SLOW||||||0|||||||");
        BOOST_TEST(server.stop(0) == 0);
    }
    Server idle;
    BOOST_TEST(get(idle) == kGetAnswer);
    BOOST_TEST(idle.stop() == 0);
}

BOOST_AUTO_TEST_CASE(a_signal_to_stop_is_obeyed_while_connections_keep_coming) {
    Server server;
    std::vector<int> waiting;
    for (int i = 0; i < 20; ++i) {
        waiting.push_back(server.connect());
        send_all(waiting.back(), head("SLOW") + kNoMoreBody);
    }
    std::this_thread::sleep_for(200ms);
    const auto start = Clock::now();
    BOOST_TEST(server.stop() == 0);
    BOOST_TEST((since(start) < 8s));  // one SLOW of half a second, not 20
    BOOST_TEST(answer(waiting.front()) == kTold + "SLOW||||||0|||||||");
    for (std::size_t i = 1; i < waiting.size(); ++i) close(waiting[i]);
}

BOOST_AUTO_TEST_SUITE_END()
