/// A destination of a queue.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/functions.hpp"
#include "core/listing.hpp"

namespace core::functions {
namespace {

constexpr std::array<std::string_view, 4> kParameters{"id", "dtype", "dnumber", "queue"};
constexpr Invalid kBoth{"id", "Specify id, or dtype, dnumber and queue, but not both."};
constexpr Invalid kNeither{"id", "Specify id, or dtype, dnumber and queue."};
constexpr std::array kAlso{kBoth, kNeither};

/// rows: those of sql/queries/find_destination.sql, or of find_destination_by_number.sql.
Result<Answer> answer_destination(const Question& question, const Rows& rows) {
    if (rows.size() == 0) return no_such_destination(question.key);
    return listed(Answer::Shape::kObject, kDestinationColumns, rows);
}

Result<Question> ask(const Parameters& parameters) {
    const bool has_dtype = is_given(parameters, "dtype");
    const bool has_dnumber = is_given(parameters, "dnumber");
    const bool has_queue = is_id_given(parameters, "queue");
    const bool has_id = is_id_given(parameters, "id");
    if (has_id && (has_dtype || has_dnumber || has_queue)) return Refusals{kBoth};
    if (!has_id && !(has_dtype && has_dnumber && has_queue)) return Refusals{kNeither};

    const std::string_view key = has_id ? "id" : "queue";
    Refusals refusals;
    const std::int64_t id = read_id(parameters, key, refusals);
    if (!refusals.empty()) return refusals;
    if (has_id) return Question{"find_destination", {std::to_string(id)}, key, answer_destination};
    return Question{"find_destination_by_number",
                    {std::to_string(id), *parameters.find("dtype"), *parameters.find("dnumber")},
                    key,
                    answer_destination};
}

}  // namespace

Function queues_destinations_get() { return {"queues/destinations/get", kParameters, kAlso, ask}; }

}  // namespace core::functions
