#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace admin::files {

/// Which file it is, and how far it goes.
struct FileState {
    std::int64_t device = 0;
    std::int64_t inode = 0;
    std::int64_t size = 0;      ///< bytes on the disk
    std::int64_t modified = 0;  ///< nanoseconds since 1970
};

/// The state of the file of that name; nullopt when there is none, or it cannot be seen.
std::optional<FileState> file_state(const std::string& path);

/// An open file to import, or standard input.
class InputFile {
  public:
    /// path: `-` is standard input. Throws console::Refusal when it cannot be opened.
    explicit InputFile(const std::string& path);
    ~InputFile();
    InputFile(const InputFile&) = delete;
    InputFile& operator=(const InputFile&) = delete;

    /// Fills at most `size` bytes and returns how many; 0 only at the end. Throws console::Refusal.
    std::size_t read(char* buffer, std::size_t size);

    /// Throws console::Refusal.
    FileState state() const;

    /// For messages: the path, or "standard input".
    const std::string& name() const { return name_; }

    /// Belongs to this object.
    int descriptor() const { return descriptor_; }

  private:
    std::string name_;
    int descriptor_;
};

}  // namespace admin::files
