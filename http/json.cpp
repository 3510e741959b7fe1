#include "http/json.hpp"

#include <json/writer.h>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace http {
namespace {

/// The bytes that an ordinary value takes, for reserving memory. A longer value is fine.
constexpr std::size_t kUsualCellBytes = 12;

void append(std::string& out, std::int64_t number) {
    char digits[20];  // as long as -2^63
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

/// Appends text from the database, in quotes. Precondition: text is valid UTF-8 without a NUL.
void append_text(std::string& out, const std::string& text) { out += Json::valueToQuotedString(text.c_str()); }

/// Appends our own text, in quotes. Precondition: text needs no escaping.
void append_literal(std::string& out, std::string_view text) {
    out += '"';
    out += text;
    out += '"';
}

/// Appends hundredths / 100 in the shortest form: 12, 12.5, 12.34. Precondition: hundredths >= 0.
void append_hundredths(std::string& out, std::int64_t hundredths) {
    append(out, hundredths / 100);
    const auto fraction = static_cast<char>(hundredths % 100);
    if (fraction == 0) return;
    out += '.';
    out += static_cast<char>('0' + fraction / 10);
    if (fraction % 10 != 0) out += static_cast<char>('0' + fraction % 10);
}

void append_cell(std::string& out, const core::Answer& answer, const core::Cell& cell) {
    switch (cell.kind) {
        case core::Cell::Kind::kNull:
            out += "null";
            break;
        case core::Cell::Kind::kInteger:
            append(out, cell.number);
            break;
        case core::Cell::Kind::kHundredths:
            append_hundredths(out, cell.number);
            break;
        case core::Cell::Kind::kText:
            append_text(out, answer.text(cell));
            break;
    }
}

void append_rows(std::string& out, const core::Answer& answer) {
    // The text before each cell is built once, not once per row: {"a": then ,"b": and so on.
    std::vector<std::string> keys;
    std::size_t row_bytes = 2;
    for (const std::string_view name : answer.columns()) {
        std::string& key = keys.emplace_back(keys.empty() ? "{" : ",");
        append_literal(key, name);
        key += ':';
        row_bytes += key.size() + kUsualCellBytes;
    }
    out.reserve(out.size() + answer.rows() * row_bytes + 2);
    for (std::size_t row = 0; row < answer.rows(); ++row) {
        if (row > 0) out += ',';
        const auto cells = answer.row(row);
        for (std::size_t column = 0; column < cells.size(); ++column) {
            out += keys[column];
            append_cell(out, answer, cells[column]);
        }
        out += '}';
    }
}

void append_responses(std::string& out, const core::Refusals& entries) {
    out += R"("responses":[)";
    for (const core::Refusal& entry : entries) {
        if (&entry != &entries.front()) out += ',';
        out += R"({"code":")";
        append(out, core::status_of(entry.code));
        out += R"(","key":)";
        append_literal(out, entry.key);
        out += R"(,"message":)";
        append_literal(out, entry.message);
        out += '}';
    }
    out += ']';
}

}  // namespace

std::string answer_body(const core::Answer& answer) {
    std::string body = "{";
    append_responses(body, {core::refusal(core::Code::kOk)});
    body += R"(,"data":)";
    const bool is_array = answer.shape() == core::Answer::Shape::kArray;
    if (is_array) body += '[';
    append_rows(body, answer);
    if (is_array) body += ']';
    body += '}';
    return body;
}

std::string refusal_body(const core::Refusals& refusals) {
    std::string body = "{";
    append_responses(body, refusals);
    body += '}';
    return body;
}

std::string health_body(bool healthy) { return healthy ? R"({"status":"ok"})" : R"({"status":"unavailable"})"; }

}  // namespace http
