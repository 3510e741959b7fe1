#include "core/rows.hpp"

#include <charconv>
#include <cstring>
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
    const std::optional<std::int64_t> number = optional_integer(row, column);
    if (!number) fail(name(column), "not a 64-bit integer");
    return *number;
}

std::optional<std::int64_t> Rows::optional_integer(int row, int column) const {
    const char* const digits = value(row, column);
    if (*digits == '\0' && is_null(row, column)) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits, digits + std::strlen(digits), number);
    if (error != std::errc{} || *end != '\0') fail(name(column), "not a 64-bit integer");
    return number;
}

}  // namespace core
