/// A queue.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/functions.hpp"
#include "core/listing.hpp"

namespace core::functions {
namespace {

constexpr std::array<std::string_view, 1> kParameters{"id"};

/// rows: those of sql/queries/find_queue.sql.
Result<Answer> answer_queue(const Question& question, const Rows& rows) {
    if (rows.size() == 0) return no_such_queue(question.key);
    return listed(Answer::Shape::kObject, kQueueColumns, rows);
}

Result<Question> ask(const Parameters& parameters) {
    if (!is_id_given(parameters, "id")) return invalid("id");
    Refusals refusals;
    const std::int64_t id = read_id(parameters, "id", refusals);
    if (!refusals.empty()) return refusals;
    return Question{"find_queue", {std::to_string(id)}, "id", answer_queue};
}

}  // namespace

Function queues_get() { return {"queues/get", kParameters, {}, ask}; }

}  // namespace core::functions
