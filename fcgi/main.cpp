#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <string_view>

#include "fcgi/config.hpp"
#include "fcgi/handler.hpp"
#include "fcgi/log.hpp"
#include "fcgi/server.hpp"
#include "fcgi/socket_slots.hpp"
#include "sql/connection.hpp"
#include "sql/store.hpp"

namespace {

constexpr char kVersion[] =
#include "version.inc"
    ;

constexpr char kHelp[] = R"(queue-statistics-fcgi answers queues/destinations/statistics/get from PostgreSQL.

It is a FastCGI program: a web server's connections arrive on a listening socket that spawn-fcgi or systemd hands over
as standard input. Start it with, for example,

  spawn-fcgi -n -s SOCKET -M 0660 -U www-data -G www-data -u USER -g GROUP -b 512 -F 4 -- /usr/sbin/queue-statistics-fcgi

Settings are environment variables: QUEUE_STATISTICS_DATABASE or libpq's own (PGHOST, ...), and QUEUE_STATISTICS_
followed by STATEMENT_TIMEOUT_MS, LOCK_TIMEOUT_MS, DEADLINE_MS, RECEIVE_TIMEOUT_MS, QUEUED_MAX_MS, VERIFIED_LOGINS
or PREPARE. Options: --help, --version.
)";

/// The memory holds passwords for moments: none of it goes into a core file.
void forbid_core_dumps() {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

int serve(const fcgi::Config& config) {
    fcgi::Log log;  // before core dumps are forbidden, which closes /proc/self to us
    forbid_core_dumps();
    sql::Store store{{.conninfo = config.database,
                      .statement_timeout = config.statement_timeout,
                      .lock_timeout = config.lock_timeout,
                      .prepare = config.prepare}};
    fcgi::SocketSlots slots{STDIN_FILENO};
    fcgi::Handler handler{store, slots, {.verified_logins = config.verified_logins, .queued_max = config.queued_max}};
    fcgi::serve({.receive_timeout = config.receive_timeout}, log, [&](const fcgi::CgiRequest& request, int connection) {
        const auto begin = std::chrono::steady_clock::now();
        store.set_deadline(begin + config.deadline);
        store.set_caller(connection);
        fcgi::LogEntry entry;
        fcgi::Response response = handler.handle(request, {begin, std::chrono::system_clock::now()}, entry);
        entry.time = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
        entry.database_time = store.database_time();
        entry.rows = store.rows();
        log.write(format(entry));
        return response;
    });
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view option = argc == 2 ? argv[1] : "";
    if (option == "--help") return std::fputs(kHelp, stdout) < 0;
    if (option == "--version") return std::printf("queue-statistics-fcgi %s\n", kVersion) < 0;
    if (argc > 1 || !fcgi::is_listening_socket(STDIN_FILENO)) {
        std::fprintf(stderr, "%s\n%s", "Standard input is not a listening socket.", kHelp);
        return 2;
    }
    const auto config = fcgi::read_config(environ);
    if (const auto* const problems = std::get_if<fcgi::ConfigProblems>(&config)) {
        for (const std::string& problem : *problems)
            std::fprintf(stderr, "queue-statistics-fcgi: %s\n", problem.c_str());
        return 1;
    }
    try {
        const auto& settings = std::get<fcgi::Config>(config);
        if (!sql::is_conninfo(settings.database)) {
            // Not what libpq says of it: that repeats a part, which may be the password's.
            std::fputs("queue-statistics-fcgi: QUEUE_STATISTICS_DATABASE is no connection string or URI\n", stderr);
            return 1;
        }
        return serve(settings);
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "queue-statistics-fcgi: %s\n", failure.what());
        return 1;
    }
}
