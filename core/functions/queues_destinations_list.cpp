/// The destinations of a queue, or a destination in all queues.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/functions.hpp"
#include "core/listing.hpp"

namespace core::functions {
namespace {

constexpr std::array<std::string_view, 3> kParameters{"queue", "dtype", "dnumber"};
constexpr Invalid kBoth{"queue", "Specify queue, or dtype and dnumber, but not both."};
constexpr Invalid kNeither{"queue", "Specify queue, or dtype and dnumber."};
constexpr std::array kAlso{kBoth, kNeither};

/// rows: those of sql/queries/list_destinations.sql.
Result<Answer> answer_queue(const Question& question, const Rows& rows) {
    if (rows.size() == 0) return no_such_queue(question.key);
    return listed(Answer::Shape::kArray, kDestinationColumns, rows);
}

/// rows: those of sql/queries/list_destinations_by_number.sql.
Result<Answer> answer_number(const Question&, const Rows& rows) {
    return listed(Answer::Shape::kArray, kDestinationColumns, rows);
}

Result<Question> ask(const Parameters& parameters) {
    const bool has_dtype = is_given(parameters, "dtype");
    const bool has_dnumber = is_given(parameters, "dnumber");
    if (!is_id_given(parameters, "queue")) {
        if (!has_dtype || !has_dnumber) return Refusals{kNeither};
        return Question{
            "list_destinations_by_number", {*parameters.find("dtype"), *parameters.find("dnumber")}, "", answer_number};
    }
    if (has_dtype || has_dnumber) return Refusals{kBoth};
    Refusals refusals;
    const std::int64_t queue = read_id(parameters, "queue", refusals);
    if (!refusals.empty()) return refusals;
    return Question{"list_destinations", {std::to_string(queue)}, "queue", answer_queue};
}

}  // namespace

Function queues_destinations_list() { return {"queues/destinations/list", kParameters, kAlso, ask}; }

}  // namespace core::functions
