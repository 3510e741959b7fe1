#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/function.hpp"
#include "core/period.hpp"
#include "sql/store.hpp"

namespace test {

/// Seconds of talk, ring or hold time, as the statements return them.
struct Duration {
    std::int64_t known = 0;
    std::int64_t sum = 0;
    std::optional<std::int64_t> min{};
    std::optional<std::int64_t> max{};

    friend bool operator==(const Duration&, const Duration&) = default;
};

/// The columns of figures that the statements return.
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

    std::optional<std::vector<Destination>> queue_statistics(std::int64_t person, std::int64_t queue,
                                                             core::Period period) {
        const core::RowsPointer rows = ask("queue_statistics", person, queue, period);
        if (rows->size() == 0) return std::nullopt;
        std::vector<Destination> found;
        if (rows->is_null(0, rows->column("destination"))) return found;
        for (int row = 0; row < rows->size(); ++row)
            found.push_back({rows->integer(row, rows->column("destination")),
                             std::string{rows->text(row, rows->column("dtype"))},
                             std::string{rows->text(row, rows->column("dnumber"))}, figures(*rows, row)});
        return found;
    }

    std::optional<Figures> destination_statistics(std::int64_t person, std::int64_t destination, core::Period period) {
        const core::RowsPointer rows = ask("destination_statistics", person, destination, period);
        if (rows->size() == 0) return std::nullopt;
        return figures(*rows, 0);
    }

    void probe() { store_.probe(request); }

  private:
    core::RowsPointer ask(const char* query, std::int64_t person, std::int64_t id, core::Period period) {
        core::Question question{};
        question.query = query;
        question.arguments = {std::to_string(id), std::to_string(period.start), std::to_string(period.end)};
        return store_.ask(request, person, question);
    }

    static Figures figures(const core::Rows& rows, int row) {
        const auto optional = [&](const std::string& name) { return rows.optional_integer(row, rows.column(name)); };
        const auto number = [&](const std::string& name) { return optional(name).value_or(0); };
        const auto duration = [&](const std::string& name) {
            return Duration{number(name + "_known"), number(name + "_sum"), optional(name + "_min"),
                            optional(name + "_max")};
        };
        return {.answered = number("answered"),
                .in_progress = number("in_progress"),
                .no_answer = number("no_answer"),
                .busy = number("busy"),
                .cancelled = number("cancelled"),
                .answered_elsewhere = number("answered_elsewhere"),
                .failed = number("failed"),
                .talktime = duration("talktime"),
                .ringtime = duration("ringtime"),
                .holdtime = duration("holdtime"),
                .first_call = optional("first_call"),
                .last_call = optional("last_call")};
    }

    sql::Store store_;
};

}  // namespace test
