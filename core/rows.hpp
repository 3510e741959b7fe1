#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

/// What a database answered: rows of named columns.
namespace core {

/// Row and column numbers are zero-based and must be in range.
class Rows {
  public:
    virtual ~Rows() = default;

    virtual int size() const = 0;  ///< rows
    virtual int columns() const = 0;
    virtual std::string_view name(int column) const = 0;
    virtual bool is_null(int row, int column) const = 0;
    /// Ended by a NUL; empty for null. Valid as long as *this.
    virtual const char* value(int row, int column) const = 0;

    std::string_view text(int row, int column) const { return value(row, column); }

    /// The number of the column of that name; ask once per result, not once per row. Throws StoreFailure (broken) when
    /// there is none.
    int column(std::string_view name) const;

    std::int64_t integer(int row, int column) const;  ///< throws StoreFailure (broken) when it is none
    std::optional<std::int64_t> optional_integer(int row, int column) const;  ///< nothing for null; else as integer()
    bool boolean(int row, int column) const { return text(row, column) == "t"; }

  protected:
    Rows() = default;
    Rows(const Rows&) = default;
    Rows& operator=(const Rows&) = default;

  private:
    /// Where the search begins: columns are mostly asked for in their order.
    mutable int next_ = 0;
};

}  // namespace core
