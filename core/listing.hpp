#pragma once

#include <array>
#include <span>
#include <string_view>

#include "core/rows.hpp"
#include "core/table.hpp"

/// Answers that hand on what the database stores of queues and destinations, row by row.
namespace core {

/// A column of the rows and of the answer.
struct ListedColumn {
    enum class Kind {
        kInteger,
        kFlag,  ///< a boolean, in the answer 1 or 0
        kText,
    };

    std::string_view name;
    Kind kind = Kind::kInteger;
};

inline constexpr std::array kQueueColumns{
    ListedColumn{"id"},
    ListedColumn{"customer"},
    ListedColumn{"name", ListedColumn::Kind::kText},
};

inline constexpr std::array kDestinationColumns{
    ListedColumn{"id"},
    ListedColumn{"queue"},
    ListedColumn{"dtype", ListedColumn::Kind::kText},
    ListedColumn{"dnumber", ListedColumn::Kind::kText},
    ListedColumn{"available", ListedColumn::Kind::kFlag},
    ListedColumn{"priority"},
};

/// The rows as an answer of these columns, the first of which is null in no row that counts: queries tell by one row of
/// nulls that a list is empty but may be seen. Precondition: a shape that these rows fill. Throws StoreFailure (broken)
/// when a column is missing or a value is null.
Answer listed(Answer::Shape shape, std::span<const ListedColumn> columns, const Rows& rows);

}  // namespace core
