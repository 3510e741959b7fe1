#pragma once

#include <string>

#include "core/table.hpp"

/// The CSV bodies, as programs and spreadsheets read them.
namespace http {

/// The media type of csv_body(), as RFC 4180 registers it.
inline constexpr char kCsvType[] = "text/csv; charset=utf-8; header=present";

/// The answer by RFC 4180: a line with the names of the columns, then a line per row, each ended by CRLF. Null is an
/// empty field. A field has quotes where they are needed: around a comma, a quote, CR or LF. A text that a spreadsheet
/// would run as a formula gets a `'` in front: one that begins with `=`, `-`, `@`, tab or CR, or with `+` unless it is
/// a number of a telephone, which goes on with digits alone.
std::string csv_body(const core::Answer& answer);

}  // namespace http
