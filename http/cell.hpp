#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>

#include "core/table.hpp"

/// What all formats of an answer write alike.
namespace http {

/// The characters of the longest number, with or without two decimals: at least as many as -2^63 has.
inline constexpr std::size_t kLongestNumber = 21;

/// Writes a cell of kInteger or kHundredths to `at`, where kLongestNumber characters must fit. Returns the end of what
/// was written. Precondition: hundredths >= 0.
inline char* write_number(const core::Cell& cell, char* at) {
    if (cell.kind == core::Cell::Kind::kInteger) return std::to_chars(at, at + kLongestNumber, cell.number).ptr;
    at = std::to_chars(at, at + kLongestNumber, cell.number / 100).ptr;
    const auto fraction = static_cast<char>(cell.number % 100);
    if (fraction == 0) return at;
    *at++ = '.';
    *at++ = static_cast<char>('0' + fraction / 10);
    if (fraction % 10 != 0) *at++ = static_cast<char>('0' + fraction % 10);
    return at;
}

}  // namespace http
