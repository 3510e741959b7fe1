#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>
#include <variant>

#include "fcgi/command_line.hpp"
#include "fcgi/config.hpp"
#include "fcgi/core_dumps.hpp"
#include "fcgi/server.hpp"
#include "fcgi/shared_counters.hpp"
#include "fcgi/socket_slots.hpp"
#include "http/handler.hpp"
#include "http/log.hpp"
#include "http/metrics.hpp"
#include "sql/connection.hpp"
#include "sql/store.hpp"

namespace {

std::string_view environment(const char* name) {
    const char* const value = std::getenv(name);
    return value ? value : "";
}

int fail(http::Log& log, const std::string& why) {
    log.write(core::Priority::kError, "queue-statistics-fcgi: " + why);
    return 1;
}

void serve(const fcgi::Config& config, http::Log& log) {
    fcgi::forbid_core_dumps();
    sql::Store store{{config.database, config.statement_timeout, config.lock_timeout, config.prepare}};
    fcgi::SocketSlots slots{STDIN_FILENO};
    fcgi::SharedCounters counters{fcgi::counters_path(STDIN_FILENO, environment("RUNTIME_DIRECTORY")),
                                  http::counter_names()};
    if (!counters.problem().empty())
        log.write(core::Priority::kWarning, "metrics are of this process alone: " + counters.problem());
    http::count_start(counters);
    http::Handler handler{
        store, slots, counters, {config.verified_logins, config.token_life, config.queued_max, config.deadline}};
    fcgi::serve({config.receive_timeout}, log, [&](const http::Request& request, int client_socket) {
        counters.set_busy(true);
        http::LogEntry entry;
        const http::Handler::Now now{std::chrono::steady_clock::now(), std::chrono::system_clock::now()};
        http::Response response = handler.handle(request, client_socket, now, entry);
        entry.time =
            std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - now.steady);
        if (config.log_successes || entry.status != core::status_of(core::Code::kOk))
            log.write(priority_of(entry), format(entry));
        http::count(entry, counters);
        counters.set_busy(false);
        return response;
    });
}

}  // namespace

int main(int argc, char** argv) {
    if (const auto code = fcgi::answer_command_line(argc, argv)) return *code;
    http::Log log{environment("JOURNAL_STREAM")};  // before core dumps are forbidden, as Log needs
    try {
        const auto config = fcgi::read_config(environ);
        if (const auto* const problems = std::get_if<fcgi::ConfigProblems>(&config)) {
            for (const std::string& problem : *problems) fail(log, problem);
            return 1;
        }
        const auto& settings = std::get<fcgi::Config>(config);
        // libpq's own message stays out of the log: it repeats a part of the string, which may be of the password.
        if (!sql::is_conninfo(settings.database))
            return fail(log, "QUEUE_STATISTICS_DATABASE is no connection string or URI");
        serve(settings, log);
        return 0;
    } catch (const std::exception& failure) {
        return fail(log, failure.what());
    }
}
