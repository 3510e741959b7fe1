/// The queues of a customer, or how many they are.

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "core/functions.hpp"
#include "core/listing.hpp"

namespace core::functions {
namespace {

constexpr std::array<std::string_view, 6> kParameters{"customer", "count", "sort", "descending", "limit", "offset"};

constexpr std::int64_t kNoMax = std::numeric_limits<std::int64_t>::max();

/// rows: those of sql/queries/list_queues.sql.
Result<Answer> answer_list(const Question&, const Rows& rows) {
    if (rows.size() == 0) return invalid("customer");
    return listed(Answer::Shape::kArray, kQueueColumns, rows);
}

/// rows: those of sql/queries/count_queues.sql.
Result<Answer> answer_count(const Question&, const Rows& rows) {
    if (rows.size() == 0) return invalid("customer");
    Answer answer{Answer::Shape::kNumber, {{"count"}}};
    answer.add(rows.integer(0, rows.column("count")));
    return answer;
}

/// `name`, the default, or `id`.
std::string read_sort(const Parameters& parameters, Refusals& refusals) {
    if (!is_given(parameters, "sort")) return "name";
    const std::string& sort = *parameters.find("sort");
    if (sort != "name" && sort != "id") refusals.push_back(invalid("sort"));
    return sort;
}

Result<Question> ask(const Parameters& parameters) {
    Refusals refusals;
    const std::int64_t own = 0;
    const std::int64_t customer = read_number(parameters, "customer", kNoMax, own, refusals);
    const bool is_count = read_number(parameters, "count", 1, 0, refusals) == 1;
    const std::string sort = read_sort(parameters, refusals);
    const bool descending = read_number(parameters, "descending", 1, 0, refusals) == 1;
    const std::int64_t limit = read_number(parameters, "limit", kNoMax, 0, refusals);
    const std::int64_t offset = read_number(parameters, "offset", kNoMax, 0, refusals);
    if (!refusals.empty()) return refusals;
    if (is_count) return Question{"count_queues", {std::to_string(customer)}, "", answer_count};
    return Question{
        "list_queues",
        {std::to_string(customer), sort, descending ? "t" : "f", std::to_string(limit), std::to_string(offset)},
        "",
        answer_list};
}

}  // namespace

Function queues_list() { return {"queues/list", kParameters, {}, ask}; }

}  // namespace core::functions
