#pragma once

#include <memory>

#include "core/rows.hpp"

/// Past one machine the rows of a shard reach a router packed into one text, because there a row costs more than what
/// is in it. The router hands the text on as it came, and it is unpacked here.
namespace core {

/// rows as they are, or what is packed in them: a single row whose column `sums` is `rows` and then records in text
/// form, such as rows(1,"a ""b""",,t)(2,,,), each with the columns of rows. Precondition: rows is not null. Throws
/// StoreFailure (broken) when these are no such records.
std::unique_ptr<const Rows> unpacked(std::unique_ptr<const Rows> rows);

}  // namespace core
