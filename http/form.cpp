#include "http/form.hpp"

#include <charconv>
#include <system_error>

#include "core/text.hpp"

namespace http {
namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

struct Length {
    bool readable = true;    ///< the text is ASCII digits alone, or empty
    bool too_large = false;  ///< over kMaxBodyBytes
    std::size_t bytes = 0;   ///< counts only if readable and not too_large
};

Length read_content_length(std::string_view text) {
    Length length;
    if (text.find_first_not_of("0123456789") != text.npos) {
        length.readable = false;
        return length;
    }
    const auto error = std::from_chars(text.data(), text.data() + text.size(), length.bytes).ec;
    length.too_large = error == std::errc::result_out_of_range || length.bytes > kMaxBodyBytes;
    return length;
}

}  // namespace

core::Result<std::string_view> read_form(const Request& request) {
    const bool is_post = request.method == "POST";
    if (!is_post && request.method != "GET" && request.method != "HEAD")
        return core::refusal(core::Code::kMethodNotAllowed);

    const Length length = read_content_length(request.content_length);
    if (length.too_large || request.body.size() > kMaxBodyBytes) return core::refusal(core::Code::kTooLarge);
    if (!is_post) return std::string_view{};

    const bool encoded =
        !request.content_encoding.empty() && !core::equal_ignoring_case(request.content_encoding, "identity");
    if ((length.bytes > 0 || !request.body.empty()) && (encoded || !is_form(request.content_type)))
        return core::refusal(core::Code::kUnsupportedMediaType);
    if (!length.readable || request.body.size() < length.bytes) return core::unreadable("");
    return request.body.substr(0, length.bytes);
}

bool is_form(std::string_view content_type) {
    std::size_t semicolon = content_type.find(';');
    if (!core::equal_ignoring_case(trimmed(content_type.substr(0, semicolon)), "application/x-www-form-urlencoded"))
        return false;
    while (semicolon != content_type.npos) {
        content_type.remove_prefix(semicolon + 1);
        semicolon = content_type.find(';');
        const std::string_view parameter = trimmed(content_type.substr(0, semicolon));
        if (!core::equal_ignoring_case(parameter, "charset=utf-8") &&
            !core::equal_ignoring_case(parameter, R"(charset="utf-8")"))
            return false;
    }
    return true;
}

}  // namespace http
