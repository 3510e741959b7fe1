#include "admin/files/input.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "admin/console/refusal.hpp"

namespace admin {
namespace {

std::string reason() { return std::generic_category().message(errno); }

}  // namespace

InputFile::InputFile(const std::string& path) {
    const bool standard_input = path == "-";
    name_ = standard_input ? "standard input" : path;
    descriptor_ = standard_input ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) throw Refusal{"cannot open " + name_ + ": " + reason()};
}

InputFile::~InputFile() {
    if (descriptor_ != STDIN_FILENO) close(descriptor_);
}

std::size_t InputFile::read(char* buffer, std::size_t size) {
    for (;;) {
        const ssize_t got = ::read(descriptor_, buffer, size);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) throw Refusal{"cannot read " + name_ + ": " + reason()};
    }
}

}  // namespace admin
