#include "admin/name.hpp"

#include <algorithm>

#include "admin/console/refusal.hpp"
#include "core/text.hpp"

namespace admin {
namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !is_continuation(c); }));
}

void check_name(std::string_view what, std::string_view name) {
    if (name.empty()) throw console::Refusal{std::string{what} + " is empty"};
    if (!core::is_text(name)) throw console::Refusal{std::string{what} + " is not valid UTF-8"};
    if (characters(name) > kMaxName)
        throw console::Refusal{std::string{what} + " is longer than " + std::to_string(kMaxName) + " characters"};
}

std::string in_quotes(std::string_view text) {
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

}  // namespace admin
