#include "fcgi/command_line.hpp"

#include <unistd.h>

#include <cstdio>
#include <string_view>

#include "fcgi/server.hpp"

namespace fcgi {
namespace {

constexpr char kVersion[] =
#include "version.inc"
    ;

constexpr char kHelp[] = R"(queue-statistics-fcgi answers queues/destinations/statistics/get, queues/statistics/get,
lists of queues and destinations, and user/login from PostgreSQL.

It is a FastCGI program: a web server's connections arrive on a listening socket that spawn-fcgi or systemd hands over
as standard input. Start it with, for example,

  spawn-fcgi -n -s SOCKET -M 0660 -U www-data -G www-data -u USER -g GROUP -b 512 -F 4 -- /usr/sbin/queue-statistics-fcgi

Settings are environment variables: QUEUE_STATISTICS_DATABASE or libpq's own (PGHOST, ...), and QUEUE_STATISTICS_
followed by STATEMENT_TIMEOUT_MS, LOCK_TIMEOUT_MS, DEADLINE_MS, RECEIVE_TIMEOUT_MS, QUEUED_MAX_MS, VERIFIED_LOGINS,
TOKEN_MINUTES, PREPARE or LOG. Options: --help, --version.
)";

}  // namespace

std::optional<int> answer_command_line(int argc, const char* const* argv) {
    const std::string_view option = argc == 2 ? argv[1] : "";
    if (option == "--help") return std::fputs(kHelp, stdout) < 0;
    if (option == "--version") return std::printf("queue-statistics-fcgi %s\n", kVersion) < 0;
    if (argc == 1 && is_listening_socket(STDIN_FILENO)) return std::nullopt;
    std::fprintf(stderr, "%s\n%s", "Standard input is not a listening socket.", kHelp);
    return 2;
}

}  // namespace fcgi
