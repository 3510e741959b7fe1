#include "http/csv.hpp"

#include <array>
#include <cstddef>
#include <string_view>

#include "http/cell.hpp"

namespace http {
namespace {

constexpr std::size_t kUsualField = 6;  // characters with the comma, for reserving memory

bool is_formula(std::string_view text) {
    if (text.empty()) return false;
    if (text.front() == '+') return text.size() == 1 || text.find_first_not_of("0123456789", 1) != text.npos;
    return std::string_view{"=-@\t\r"}.find(text.front()) != std::string_view::npos;
}

void append_text(std::string& out, std::string_view text) {
    const bool is_quoted = text.find_first_of(",\"\r\n") != text.npos;
    if (is_quoted) out += '"';
    if (is_formula(text)) out += '\'';
    for (const char c : text) {
        out += c;
        if (c == '"') out += c;
    }
    if (is_quoted) out += '"';
}

}  // namespace

std::string csv_body(const core::Answer& answer) {
    std::string body;
    body.reserve((answer.rows() + 4) * answer.columns().size() * kUsualField);
    for (const core::Column& column : answer.columns()) {
        if (!body.empty()) body += ',';
        body += column.name;
    }
    body += "\r\n";
    std::array<char, kLongestNumber> number{};
    for (std::size_t row = 0; row < answer.rows(); ++row) {
        bool is_first = true;
        for (const core::Cell& cell : answer.row(row)) {
            if (!is_first) body += ',';
            is_first = false;
            if (cell.kind == core::Cell::Kind::kText)
                append_text(body, answer.text(cell));
            else if (cell.kind != core::Cell::Kind::kNull)
                body.append(number.data(), write_number(cell, number.data()));
        }
        body += "\r\n";
    }
    return body;
}

}  // namespace http
