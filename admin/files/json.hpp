#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace admin::files {

/// Finds the JSON objects in a text, one after the other or in arrays, in bounded memory; what is in them is not looked
/// at.
class JsonSplitter {
  public:
    /// A longer object is a broken one.
    static constexpr std::size_t kMaxBytes = 1024 * 1024;

    /// Fills at most `size` bytes and returns how many; 0 only at the end.
    using Source = std::function<std::size_t(char* buffer, std::size_t size)>;

    explicit JsonSplitter(Source source);

    struct Object {
        std::int64_t line = 0;     ///< where it begins, from 1
        std::string text;          ///< without line ends
        const char* problem = "";  ///< empty: it is whole
    };

    /// Reads the next object, or what stands where one should; false at the end.
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
