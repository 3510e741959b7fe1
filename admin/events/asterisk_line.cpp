#include "admin/events/asterisk_line.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace admin::events {

std::string_view AsteriskLine::read(const files::Line& line) {
    const std::size_t data = fields.size() - 1;
    if (line.too_long) return "the line is longer than 64 KiB";
    if (!core::is_text(line.text)) return "the line is not valid UTF-8, or has a NUL";
    fields = {};
    std::string_view rest = line.text;
    std::size_t count = 0;
    for (bool more = true; more; ++count) {
        const std::size_t end = count < data ? rest.find('|') : std::string_view::npos;
        more = end != std::string_view::npos;
        fields[count] = rest.substr(0, end);
        rest.remove_prefix(more ? end + 1 : rest.size());
    }
    if (count < data) return "fewer than five fields";
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (fields[0].empty() || !std::ranges::all_of(fields[0], is_digit)) return "no Unix seconds at the beginning";
    return {};
}

}  // namespace admin::events
