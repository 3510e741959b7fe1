#include "fcgi/config.hpp"

#include <string>
#include <vector>

#include "tests/fuzz/fuzz.hpp"

/// The input is an environment, one variable per line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input = fuzz::text_of(data, size);
    std::vector<std::string> variables;
    while (!input.empty()) variables.emplace_back(fuzz::take(input));
    std::vector<const char*> environment;
    environment.reserve(variables.size() + 1);
    for (const std::string& variable : variables) environment.push_back(variable.c_str());
    environment.push_back(nullptr);

    const auto read = fcgi::read_config(environment.data());
    if (const auto* const problems = std::get_if<fcgi::ConfigProblems>(&read)) {
        MUST(!problems->empty());
        for (const std::string& problem : *problems) MUST(problem.starts_with("QUEUE_STATISTICS_"));
        return 0;
    }
    const auto& config = std::get<fcgi::Config>(read);
    MUST(config.lock_timeout < config.statement_timeout && config.statement_timeout < config.deadline);
    MUST(config.lock_timeout.count() >= 10 && config.statement_timeout.count() >= 100);
    for (const auto time : {config.deadline, config.receive_timeout, config.queued_max})
        MUST(time.count() >= 100 && time.count() <= 60000);
    MUST(config.verified_logins <= 1000000);
    return 0;
}
