#include "admin/files/input.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "admin/console/refusal.hpp"

namespace admin::files {
namespace {

FileState file_state(const struct stat& status) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    return {static_cast<std::int64_t>(status.st_dev), static_cast<std::int64_t>(status.st_ino), status.st_size,
            status.st_mtim.tv_sec * kSecond + status.st_mtim.tv_nsec};
}

std::string reason() { return std::generic_category().message(errno); }

}  // namespace

std::optional<FileState> file_state(const std::string& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) return std::nullopt;
    return file_state(status);
}

InputFile::InputFile(const std::string& path) {
    const bool standard_input = path == "-";
    name_ = standard_input ? "standard input" : path;
    descriptor_ = standard_input ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) throw console::Refusal{"cannot open " + name_ + ": " + reason()};
}

InputFile::~InputFile() {
    if (descriptor_ != STDIN_FILENO) close(descriptor_);
}

std::size_t InputFile::read(char* buffer, std::size_t size) {
    for (;;) {
        const ssize_t got = ::read(descriptor_, buffer, size);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) throw console::Refusal{"cannot read " + name_ + ": " + reason()};
    }
}

FileState InputFile::state() const {
    struct stat status {};
    if (fstat(descriptor_, &status) != 0) throw console::Refusal{"cannot read " + name_ + ": " + reason()};
    return file_state(status);
}

}  // namespace admin::files
