#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

/// The result of a query.
namespace core {

/// Rows of named columns. Row and column numbers begin at 0 and must be in range: 0 <= row < size(), 0 <= column <
/// columns().
class Rows {
  public:
    virtual ~Rows() = default;

    virtual int size() const = 0;  ///< the number of rows
    virtual int columns() const = 0;
    virtual std::string_view name(int column) const = 0;
    virtual bool is_null(int row, int column) const = 0;
    /// A value of a text type, or of any type in a result in text form; ended by a NUL, empty for null. Valid as long
    /// as *this lives.
    virtual const char* value(int row, int column) const = 0;
    /// A value as an integer: a moment in Unix seconds, rounded down. nullopt for null. Throws StoreFailure (broken)
    /// when it is not a 64-bit integer.
    virtual std::optional<std::int64_t> optional_integer(int row, int column) const;
    /// A value as a boolean; false for null.
    virtual bool boolean(int row, int column) const { return text(row, column) == "t"; }

    /// value() as a view.
    std::string_view text(int row, int column) const { return value(row, column); }

    /// The number of the column of that name. Ask once per result, not once per row. Throws StoreFailure (broken) when
    /// no column has that name.
    int column(std::string_view wanted) const;

    /// As optional_integer(), but throws for null too.
    std::int64_t integer(int row, int column) const;

  protected:
    Rows() = default;
    Rows(const Rows&) = default;
    Rows& operator=(const Rows&) = default;

  private:
    /// Where column() begins to search: columns are mostly asked for in their order.
    mutable int next_ = 0;
};

}  // namespace core
