#include "admin/files/json.hpp"

#include <string_view>
#include <utility>

namespace admin::files {

JsonSplitter::JsonSplitter(Source source) : source_{std::move(source)}, buffer_(64 * 1024) {}

int JsonSplitter::get() {
    if (begin_ == end_) {
        begin_ = 0;
        end_ = source_(buffer_.data(), buffer_.size());
        if (end_ == 0) return -1;
    }
    const char c = buffer_[begin_++];
    if (c == '\n') ++line_;
    return static_cast<unsigned char>(c);
}

bool JsonSplitter::next(Object& object) {
    constexpr std::string_view kBetween = " \t\r\n[],";
    int c = get();
    while (c >= 0 && kBetween.find(static_cast<char>(c)) != std::string_view::npos) c = get();
    object = {line_, {}, ""};
    if (c < 0) return false;
    if (c != '{') {
        object.problem = "no JSON object";
        while (c >= 0 && c != '\n') c = get();  // one message per broken line
        return true;
    }
    int depth = 0;
    bool in_string = false;
    for (; c >= 0; c = get()) {
        if (object.text.size() < kMaxBytes) {
            if (c != '\n' && c != '\r') object.text += static_cast<char>(c);
        } else {
            object.problem = "the object is longer than 1 MiB";
        }
        if (in_string) {
            if (c == '\\') {
                const int escaped = get();
                if (escaped < 0) break;
                if (object.text.size() < kMaxBytes) object.text += static_cast<char>(escaped);
            } else if (c == '"') {
                in_string = false;
            }
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return true;
        }
    }
    object.problem = "the object does not end";
    return true;
}

}  // namespace admin::files
