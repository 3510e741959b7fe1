#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/function.hpp"
#include "core/period.hpp"
#include "core/series.hpp"
#include "sql/store.hpp"

namespace test {

/// Seconds of talk, ring or hold time.
struct Duration {
    std::int64_t sum = 0;
    std::optional<std::int64_t> min{};
    std::optional<std::int64_t> max{};
    std::optional<std::int64_t> average{};  ///< in hundredths

    friend bool operator==(const Duration&, const Duration&) = default;
};

/// The figures of offers.
struct Figures {
    std::int64_t answered = 0;
    std::int64_t in_progress = 0;
    std::int64_t no_answer = 0;
    std::int64_t busy = 0;
    std::int64_t cancelled = 0;
    std::int64_t answered_elsewhere = 0;
    std::int64_t failed = 0;
    Duration talktime{};
    Duration ringtime{};
    Duration holdtime{};
    std::optional<std::int64_t> first_call{};
    std::optional<std::int64_t> last_call{};

    std::int64_t calls() const { return answered + no_answer + busy + cancelled + answered_elsewhere + failed; }

    friend bool operator==(const Figures&, const Figures&) = default;
};

struct Destination {
    std::int64_t destination = 0;
    std::string dtype;
    std::string dnumber;
    Figures statistics{};
};

/// The figures of callers by their names; of averages and service levels in hundredths, nullopt for null.
using CallerFigures = std::map<std::string, std::optional<std::int64_t>>;

/// A store, and the request for which it is asked.
class Client {
  public:
    explicit Client(const sql::StoreOptions& options) : store_{options} {}

    /// The request of every call. A test may change it.
    core::Request request{.now = sql::Clock::now(), .deadline = sql::kNoDeadline};

    std::optional<core::Credentials> credentials(const std::string& username,
                                                 const std::optional<std::string>& client_address) {
        request.client_address = client_address;
        return store_.credentials(request, username);
    }

    core::TokenState token(const std::string& token, const std::optional<std::string>& client_address) {
        request.client_address = client_address;
        return store_.token(request, token, core::access::read_token(token).value());
    }

    /// The answer of queues/destinations/statistics/get, on behalf of a person; nullopt for a 404.
    std::optional<std::vector<Destination>> queue_statistics(std::int64_t person, std::int64_t queue,
                                                             core::Period period) {
        const auto answer = ask(kOffers, {{"queue", std::to_string(queue)}}, person, period);
        if (!answer) return std::nullopt;
        std::vector<Destination> found;
        for (std::size_t row = 0; row < answer->rows(); ++row)
            found.push_back({number(*answer, row, "destination").value(), answer->text(cell(*answer, row, "dtype")),
                             answer->text(cell(*answer, row, "dnumber")), figures(*answer, row)});
        return found;
    }

    std::optional<Figures> destination_statistics(std::int64_t person, std::int64_t destination, core::Period period) {
        const auto answer = ask(kOffers, {{"destination", std::to_string(destination)}}, person, period);
        if (!answer) return std::nullopt;
        return figures(*answer, 0);
    }

    /// The answer of queues/statistics/get with these values of service_level and short_abandon; nullopt for a 404.
    std::optional<CallerFigures> caller_statistics(std::int64_t person, std::int64_t queue, core::Period period,
                                                   const std::string& levels = "",
                                                   const std::string& short_abandon = "") {
        const auto answer =
            ask("queues/statistics/get",
                {{"queue", std::to_string(queue)}, {"service_level", levels}, {"short_abandon", short_abandon}}, person,
                period);
        if (!answer) return std::nullopt;
        CallerFigures found;
        for (const core::Column& column : answer->columns())
            found[std::string{column.name}] = number(*answer, 0, column.name);
        return found;
    }

    void probe() { store_.probe(request); }

  private:
    static constexpr const char* kOffers = "queues/destinations/statistics/get";

    std::optional<core::Answer> ask(const char* function,
                                    const std::vector<std::pair<const char*, std::string>>& values, std::int64_t person,
                                    core::Period period) {
        core::Parameters parameters;
        for (const auto& [name, value] : values) parameters.add(name, value);
        auto question = core::find_function(function)->ask(parameters);
        question->arguments.at(1) = core::Series::whole(period).edges();  // also periods that the API would refuse
        const core::RowsPointer rows = store_.ask(request, person, *question);
        auto reply = question->answer(*question, *rows);
        if (!reply) return std::nullopt;
        return std::get<core::Answer>(*std::move(reply));
    }

    static const core::Cell& cell(const core::Answer& answer, std::size_t row, std::string_view name) {
        const auto columns = answer.columns();
        return answer.row(
            row)[static_cast<std::size_t>(std::ranges::find(columns, name, &core::Column::name) - columns.begin())];
    }

    /// nullopt for null.
    static std::optional<std::int64_t> number(const core::Answer& answer, std::size_t row, std::string_view name) {
        const core::Cell& found = cell(answer, row, name);
        if (found.kind == core::Cell::Kind::kNull) return std::nullopt;
        return found.number;
    }

    static Figures figures(const core::Answer& answer, std::size_t row) {
        const auto optional = [&](const std::string& name) { return number(answer, row, name); };
        const auto count = [&](const std::string& name) { return optional("calls_" + name).value(); };
        const auto duration = [&](const std::string& name) {
            return Duration{optional(name + "_sum").value(), optional(name + "_min"), optional(name + "_max"),
                            optional(name + "_avg")};
        };
        return {.answered = count("answered"),
                .in_progress = count("in_progress"),
                .no_answer = count("no_answer"),
                .busy = count("busy"),
                .cancelled = count("cancelled"),
                .answered_elsewhere = count("answered_elsewhere"),
                .failed = count("failed"),
                .talktime = duration("talktime"),
                .ringtime = duration("ringtime"),
                .holdtime = duration("holdtime"),
                .first_call = optional("first_call"),
                .last_call = optional("last_call")};
    }

    sql::Store store_;
};

}  // namespace test
