#include "http/log.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <optional>
#include <string>

using namespace std::chrono_literals;
using enum core::Priority;

namespace {

http::LogEntry entry() {
    http::LogEntry e;
    e.id = "0123456789abcdef0123456789abcdef";
    e.method = "GET";
    e.function = "queues/destinations/statistics/get";
    e.status = 200;
    e.time = 1234us;
    e.trace.database_time = 987us;
    e.trace.rows = 13;
    e.trace.person = 7;
    e.trace.username = "bob";
    e.client = "192.0.2.1";
    return e;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(log_line)

BOOST_AUTO_TEST_CASE(a_request_is_one_line) {
    BOOST_TEST(format(entry()) ==
               "request id=0123456789abcdef0123456789abcdef method=GET function=queues/destinations/statistics/get "
               "status=200 ms=1.234 "
               "db_ms=0.987 rows=13 person=7 client=192.0.2.1");
}

BOOST_AUTO_TEST_CASE(a_failed_login_names_client_user_and_reason_in_this_order) {
    http::LogEntry e = entry();
    e.status = 401;
    e.trace = {.person = {}, .username = "bob smith=é\n", .login_failure = "password"};
    BOOST_TEST(
        format(e).ends_with("person=- auth failure client=192.0.2.1 user=bob%20smith%3D%C3%A9%0A reason=password"));
}

BOOST_AUTO_TEST_CASE(a_broken_database_is_quoted_on_the_same_line) {
    http::LogEntry e = entry();
    e.status = 503;
    e.error = "credentials 57P01: \"terminated\"\nby \\ administrator";
    BOOST_TEST(format(e).ends_with(R"( error="credentials 57P01: \"terminated\" by \\ administrator")"));
}

BOOST_AUTO_TEST_CASE(what_a_client_sends_cannot_forge_a_line) {
    http::LogEntry e = entry();
    e.id = "x y";
    e.method = "GET status=200\r\nrequest";
    e.client = "192.0.2.1 person=1\n";
    const std::string line = format(e);
    BOOST_TEST(line.find_first_of("\r\n") == line.npos);
    BOOST_TEST(line.find("method=GET%20status%3D200%0D%0A") != line.npos);
    BOOST_TEST(line.find("client=192.0.2.1%20person%3D1%0A") != line.npos);
}

BOOST_AUTO_TEST_CASE(what_the_service_fails_at_is_an_error_and_what_clients_do_is_not) {
    http::LogEntry e = entry();
    e.status = 401;
    e.trace.login_failure = "password";
    BOOST_TEST((priority_of(e) == kInformation));
    e.status = 503;
    e.trace.overload = "waited too long for a free process";
    BOOST_TEST((priority_of(e) == kWarning));
    e.error = "no connection";
    BOOST_TEST((priority_of(e) == kError));
}

BOOST_AUTO_TEST_CASE(unknown_values_are_a_dash_and_lines_have_a_bound) {
    http::LogEntry e;
    BOOST_TEST(format(e) ==
               "request id=- method=- function=- status=500 ms=0.000 db_ms=0.000 rows=0 person=- client=-");
    e.error = std::string(100000, 'x');
    BOOST_TEST(format(e).size() == 2000);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// A Log while standard error is the given file.
class LogTo {
  public:
    explicit LogTo(int file, std::string_view journal_stream = {}) : before_{dup(STDERR_FILENO)} {
        dup2(file, STDERR_FILENO);
        log.emplace(journal_stream);
    }
    ~LogTo() {
        log.reset();
        dup2(before_, STDERR_FILENO);
        close(before_);
    }
    LogTo(const LogTo&) = delete;
    LogTo& operator=(const LogTo&) = delete;

    std::optional<http::Log> log;

  private:
    int before_;
};

/// What systemd says in JOURNAL_STREAM when the file is the journal.
std::string journal_stream_of(int file) {
    struct stat status {};
    fstat(file, &status);
    return std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}

std::string read_some(int file) {
    static char text[1 << 20];
    return {text, static_cast<std::size_t>(std::max<ssize_t>(read(file, text, sizeof text), 0))};
}

/// Writes lines until some are lost, reads all lines, and writes one more. Returns what that last write wrote.
std::string after_a_jam(int to, int from, std::string_view journal_stream = {}) {
    LogTo stage{to, journal_stream};
    const std::string line(1000, 'x');
    for (int i = 0; i < 2000; ++i) stage.log->write(kInformation, line);
    fcntl(from, F_SETFL, O_NONBLOCK);
    while (!read_some(from).empty()) {
    }
    stage.log->write(kInformation, "again");
    return read_some(from);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(log_file)

BOOST_AUTO_TEST_CASE(lines_go_to_a_file) {
    char name[] = "/tmp/queue-statistics-log-XXXXXX";
    const int file = mkstemp(name);
    unlink(name);
    LogTo{file}.log->write(kInformation, "one");
    LogTo{file}.log->write(kError, "two");
    lseek(file, 0, SEEK_SET);
    BOOST_TEST(read_some(file) == "one\ntwo\n");
    close(file);
}

BOOST_AUTO_TEST_CASE(a_pipe_that_nobody_reads_holds_up_nobody) {
    int pipe[2];
    BOOST_REQUIRE(::pipe(pipe) == 0);
    BOOST_TEST(after_a_jam(pipe[1], pipe[0]).ends_with(" log lines were lost: nobody read standard error\nagain\n"));
    BOOST_TEST((fcntl(pipe[1], F_GETFL) & O_NONBLOCK) ==
               0);  // other processes that share the pipe still write as before
    close(pipe[0]);
    close(pipe[1]);
}

BOOST_AUTO_TEST_CASE(a_socket_that_nobody_reads_holds_up_nobody) {
    int pair[2];
    BOOST_REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    BOOST_TEST(after_a_jam(pair[1], pair[0]).ends_with(" log lines were lost: nobody read standard error\nagain\n"));
    close(pair[0]);
    LogTo closed{pair[1]};
    closed.log->write(kInformation, "nobody");  // no SIGPIPE comes
    close(pair[1]);
}

BOOST_AUTO_TEST_CASE(the_journal_gets_priorities_and_another_socket_gets_none) {
    int journal[2];
    int other[2];
    BOOST_REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, journal) == 0);
    BOOST_REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, other) == 0);
    const std::string stream = journal_stream_of(journal[1]);
    {
        LogTo stage{journal[1], stream};
        stage.log->write(kInformation, "one");
        stage.log->write(kError, "two");
    }
    BOOST_TEST(read_some(journal[0]) == "<6>one\n<3>two\n");
    LogTo{other[1], stream}.log->write(kError, "one");
    LogTo{other[1]}.log->write(kError, "two");
    BOOST_TEST(read_some(other[0]) == "one\ntwo\n");
    const std::string jam = after_a_jam(journal[1], journal[0], stream);
    BOOST_TEST(jam.starts_with("<4>"));
    BOOST_TEST(jam.ends_with(" log lines were lost: nobody read standard error\n<6>again\n"));
    for (const int file : {journal[0], journal[1], other[0], other[1]}) close(file);
}

BOOST_AUTO_TEST_SUITE_END()
