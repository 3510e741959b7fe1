#include "core/rows.hpp"

#include <charconv>
#include <string>
#include <system_error>

#include "core/failure.hpp"

namespace core {
namespace {

[[noreturn]] void fail(std::string_view column, const char* what) {
    throw StoreFailure{StoreFailure::Kind::kBroken, std::string{column} + ": " + what};
}

}  // namespace

int Rows::column(std::string_view wanted) const {
    const int count = columns();
    for (int i = 0; i < count; ++i) {
        const int column = (next_ + i) % count;
        if (name(column) != wanted) continue;
        next_ = column + 1;
        return column;
    }
    fail(wanted, "there is no column of that name");
}

std::int64_t Rows::integer(int row, int column) const {
    const std::string_view digits = text(row, column);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) fail(name(column), "not a 64-bit integer");
    return value;
}

std::optional<std::int64_t> Rows::optional_integer(int row, int column) const {
    if (is_null(row, column)) return std::nullopt;
    return integer(row, column);
}

}  // namespace core
