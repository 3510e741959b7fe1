#include "admin/console/text.hpp"

#include <algorithm>
#include <iostream>

#include "admin/console/refusal.hpp"
#include "core/query_string.hpp"

namespace admin {
namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !is_continuation(c); }));
}

void check_name(std::string_view what, std::string_view name) {
    if (name.empty()) throw Refusal{std::string{what} + " is empty"};
    if (!core::is_text(name)) throw Refusal{std::string{what} + " is not valid UTF-8"};
    if (characters(name) > kMaxName)
        throw Refusal{std::string{what} + " is longer than " + std::to_string(kMaxName) + " characters"};
}

std::string quoted(std::string_view text) {
    constexpr std::size_t kShown = 60;
    if (!core::is_text(text)) return "(not UTF-8)";
    std::string out = "\"";
    std::size_t length = std::min(text.size(), kShown);
    while (length < text.size() && length > 0 && is_continuation(text[length])) --length;
    for (const char c : text.substr(0, length)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) {
            constexpr char kHex[] = "0123456789abcdef";
            out += {'\\', 'x', kHex[byte >> 4U], kHex[byte & 0xFU]};
        } else {
            out += c;
        }
    }
    return out + (length < text.size() ? "...\"" : "\"");
}

std::string grouped(std::int64_t count) {
    std::string digits = std::to_string(count);
    for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
    return digits;
}

std::string counted(std::int64_t count, std::string_view singular, std::string_view plural) {
    return grouped(count) + ' ' + std::string{count == 1 ? singular : plural};
}

void append_escaped(std::string& out, std::string_view value) {
    for (const char c : value) {
        switch (c) {
            case '\t':
                out += "\\t";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\\':
                out += "\\\\";
                break;
            default:
                out += c;
        }
    }
}

void print_rows(const sql::Rows& rows) {
    std::string line;
    for (int row = 0; row < rows.size(); ++row) {
        line.clear();
        for (int column = 0; column < rows.columns(); ++column) {
            if (column > 0) line += '\t';
            append_escaped(line, rows.text(row, column));
        }
        std::cout << line << '\n';
    }
}

void print_table(std::string_view header, const sql::Rows& rows) {
    std::cout << header << '\n';
    print_rows(rows);
}

}  // namespace admin
