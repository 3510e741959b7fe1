#include "http/json.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/figures.hpp"
#include "core/text.hpp"
#include "http/csv.hpp"
#include "tests/fuzz/contract.hpp"

namespace {

std::int64_t take_number(std::string_view& input) {
    std::uint64_t number = 0;
    const std::size_t size = std::min(input.size(), sizeof number);
    std::memcpy(&number, input.data(), size);
    input.remove_prefix(size);
    return static_cast<std::int64_t>(number);
}

void check_cell(const Json::Value& value, const core::Answer& answer, const core::Cell& cell) {
    switch (cell.kind) {
        case core::Cell::Kind::kNull:
            MUST(value.isNull());
            break;
        case core::Cell::Kind::kInteger:
            MUST(value.asInt64() == cell.number);
            break;
        case core::Cell::Kind::kHundredths:
            // Hundredths below 2^46 are exact in floating point but for a rounding, which llround undoes.
            MUST(value.isNumeric() && std::llround(value.asDouble() * 100) == cell.number);
            break;
        case core::Cell::Kind::kText:
            MUST(value.asString() == answer.text(cell));
            break;
    }
}

/// Checks that body is the answer, cell by cell.
void check(const core::Answer& answer) {
    const Json::Value data = fuzz::parsed(http::answer_body(answer))["data"];
    const bool is_array = answer.shape() == core::Answer::Shape::kArray;
    MUST(is_array ? data.isArray() && data.size() == answer.rows() : data.isObject());
    for (std::size_t i = 0; i < answer.rows(); ++i) {
        const Json::Value& row = is_array ? data[static_cast<Json::ArrayIndex>(i)] : data;
        MUST(row.size() == answer.columns().size());
        for (std::size_t c = 0; c < answer.columns().size(); ++c)
            check_cell(row[std::string{answer.columns()[c].name}], answer, answer.row(i)[c]);
    }
}

/// The fields of CSV, line after line.
std::vector<std::vector<std::string>> fields_of(std::string_view body) {
    std::vector<std::vector<std::string>> lines;
    while (!body.empty()) {
        lines.emplace_back();
        for (bool is_last = false; !is_last;) {
            std::string& field = lines.back().emplace_back();
            const bool is_quoted = body.starts_with('"');
            if (is_quoted) body.remove_prefix(1);
            for (;; body.remove_prefix(1)) {
                MUST(!body.empty());
                if (is_quoted && body.starts_with("\"\""))
                    body.remove_prefix(1);
                else if (is_quoted ? body.starts_with('"') : body.starts_with(',') || body.starts_with("\r\n"))
                    break;
                else
                    MUST(is_quoted || std::string_view{"\r\n\""}.find(body.front()) == std::string_view::npos);
                field += body.front();
            }
            if (is_quoted) body.remove_prefix(1);
            is_last = body.starts_with("\r\n");
            MUST(is_last || body.starts_with(','));
            body.remove_prefix(is_last ? 2 : 1);
        }
    }
    return lines;
}

/// Checks that CSV has the answer, cell by cell, and nothing that a spreadsheet would run.
void check_csv(const core::Answer& answer) {
    const std::string body = http::csv_body(answer);
    const auto lines = fields_of(body);
    MUST(lines.size() == answer.rows() + 1);
    for (std::size_t i = 0; i < answer.rows(); ++i) {
        MUST(lines[i + 1].size() == answer.columns().size());
        for (std::size_t c = 0; c < answer.columns().size(); ++c) {
            const core::Cell& cell = answer.row(i)[c];
            const std::string& field = lines[i + 1][c];
            if (cell.kind == core::Cell::Kind::kNull) MUST(field.empty());
            if (cell.kind == core::Cell::Kind::kInteger) MUST(field == std::to_string(cell.number));
            if (cell.kind != core::Cell::Kind::kText) continue;
            const std::string text = answer.text(cell);
            MUST(field == text || field == "'" + text);
            MUST(field.empty() || std::string_view{"=-@\t\r"}.find(field.front()) == std::string_view::npos);
            MUST(!field.starts_with('+') ||
                 (field.size() > 1 && field.find_first_not_of("0123456789", 1) == field.npos));
        }
    }
}

}  // namespace

/// The input is rows. A row is two texts, one per line, and the bytes of its numbers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input = fuzz::text_of(data, size);
    std::vector<core::Column> columns{{"dtype"}, {"dnumber"}};
    core::append_columns(columns, core::offer_figures());
    core::Answer queue{core::Answer::Shape::kArray, columns};
    while (!input.empty()) {
        const std::string dtype{fuzz::take(input)};
        const std::string dnumber{fuzz::take(input)};
        if (!core::is_text(dtype) || !core::is_text(dnumber)) return 0;  // a database cannot have such text
        core::Answer destination{core::Answer::Shape::kObject, columns};
        for (core::Answer* const answer : {&queue, &destination}) {
            answer->add(std::string_view{dtype});
            answer->add(std::string_view{dnumber});
        }
        for (const core::Figure& figure : core::offer_figures()) {
            core::Cell cell{core::Cell::Kind::kInteger, take_number(input)};
            if (figure.kind == core::Figure::Kind::kAverage)
                cell = {core::Cell::Kind::kHundredths,
                        static_cast<std::int64_t>(static_cast<std::uint64_t>(cell.number) >> 18)};
            else if ((figure.kind == core::Figure::Kind::kMin || figure.kind == core::Figure::Kind::kMax) &&
                     cell.number < 0)
                cell = {};
            queue.add(cell);
            destination.add(cell);
        }
        check(destination);
    }
    check(queue);
    check_csv(queue);
    return 0;
}
