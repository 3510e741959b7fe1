#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace admin::files {

/// Which file it is, its size and its age.
struct FileState {
    std::int64_t device = 0;
    std::int64_t inode = 0;
    std::int64_t size = 0;      ///< bytes; of a gzip file, those of the compressed file
    std::int64_t modified = 0;  ///< nanoseconds since 1970

    bool operator==(const FileState&) const = default;
};

/// The state of a file; returns nullopt when there is no such file, or we may not see it.
std::optional<FileState> file_state(const std::string& path);

/// An open file, or standard input.
class InputFile {
  public:
    /// path: `-` is standard input. Throws console::Refusal when the file cannot be opened.
    explicit InputFile(const std::string& path);
    ~InputFile();
    InputFile(const InputFile&) = delete;
    InputFile& operator=(const InputFile&) = delete;

    /// Reads at most `size` bytes and returns how many; 0 only at the end. Throws console::Refusal when that fails.
    std::size_t read(char* buffer, std::size_t size);

    /// Throws console::Refusal when that fails.
    FileState state() const;

    /// The path, or "standard input"; for messages.
    const std::string& name() const { return name_; }

    /// The file's descriptor, which this object closes.
    int descriptor() const { return descriptor_; }

  private:
    std::string name_;
    int descriptor_;
};

}  // namespace admin::files
