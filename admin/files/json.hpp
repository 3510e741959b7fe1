#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace admin::files {

/// Finds the JSON objects in a text, in bounded memory. They may stand one after the other or in arrays. Their contents
/// are not looked at.
class JsonSplitter {
  public:
    /// A longer object is broken.
    static constexpr std::size_t kMaxBytes = 1024 * 1024;

    /// Writes at most `size` bytes into the buffer and returns how many; 0 only at the end.
    using Source = std::function<std::size_t(char* buffer, std::size_t size)>;

    explicit JsonSplitter(Source source);

    struct Object {
        std::int64_t line = 0;     ///< number of the line where the object begins, from 1
        std::string text;          ///< the object in one line
        const char* problem = "";  ///< what is broken; empty when the object is whole
    };

    /// Reads the next object, whole or broken, into `object`; a line that holds something else is a broken object.
    /// Returns false at the end.
    bool next(Object& object);

  private:
    int get();

    Source source_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::int64_t line_ = 1;
};

}  // namespace admin::files
