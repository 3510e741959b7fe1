#pragma once

#include <cstddef>
#include <string>

namespace admin {

/// A file to import, or standard input.
class InputFile {
  public:
    /// path: `-` is standard input. Throws Refusal when it cannot be opened.
    explicit InputFile(const std::string& path);
    ~InputFile();
    InputFile(const InputFile&) = delete;
    InputFile& operator=(const InputFile&) = delete;

    /// Fills at most `size` bytes and returns how many; 0 only at the end. Throws Refusal.
    std::size_t read(char* buffer, std::size_t size);

    /// For messages: the path, or "standard input".
    const std::string& name() const { return name_; }

  private:
    std::string name_;
    int descriptor_;
};

}  // namespace admin
