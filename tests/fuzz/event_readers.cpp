#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "admin/console/refusal.hpp"
#include "admin/files/json.hpp"
#include "admin/files/lines.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

std::vector<admin::files::JsonSplitter::Object> objects_of(std::string_view text, std::size_t piece) {
    admin::files::JsonSplitter splitter{[&text, piece](char* buffer, std::size_t size) {
        const std::size_t count = std::min({size, piece, text.size()});
        std::copy_n(text.begin(), count, buffer);
        text.remove_prefix(count);
        return count;
    }};
    std::vector<admin::files::JsonSplitter::Object> objects;
    for (admin::files::JsonSplitter::Object object; splitter.next(object);) objects.push_back(object);
    return objects;
}

void check_objects(std::string_view text) {
    const auto objects = objects_of(text, text.size() + 1);
    const auto by_bytes = objects_of(text, 1);
    MUST(objects.size() == by_bytes.size());
    std::int64_t line = 1;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        const auto& [begin, object, problem] = objects[i];
        MUST(begin >= line && begin == by_bytes[i].line && object == by_bytes[i].text);
        MUST(std::string_view{problem} == by_bytes[i].problem);
        MUST(*problem != '\0' || (object.starts_with('{') && object.size() <= admin::files::JsonSplitter::kMaxBytes));
        line = begin;
    }
}

/// A file with that content, plain or compressed by gzip.
void check_lines(std::string_view content) {
    const int file = memfd_create("fuzz", MFD_CLOEXEC);
    MUST(write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
    try {
        admin::files::LineFile lines{"/proc/self/fd/" + std::to_string(file)};
        admin::files::Line line;
        std::int64_t number = 0;
        std::int64_t position = 0;
        const auto check = [&] {
            MUST(line.number == ++number && line.text.size() <= admin::files::LineFile::kMaxBytes);
            MUST(line.text.find('\n') == line.text.npos && lines.position() >= position);
            position = lines.position();
        };
        while (lines.next(line)) check();
        if (lines.last(line)) check();
        admin::files::LineFile again{"/proc/self/fd/" + std::to_string(file)};
        if (again.next(line)) {
            again.seek(position, number);
            MUST(!again.next(line));
        }
    } catch (const admin::console::Refusal&) {  // a broken gzip file
    }
    close(file);
}

}  // namespace

/// The input is a file of events.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    check_objects(text);
    check_lines(text);
    return 0;
}
