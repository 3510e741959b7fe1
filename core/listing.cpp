#include "core/listing.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace core {

Answer listed(Answer::Shape shape, std::span<const ListedColumn> columns, const Rows& rows) {
    std::vector<int> numbers;
    std::vector<Column> names;
    for (const ListedColumn& column : columns) {
        numbers.push_back(rows.column(column.name));
        names.push_back({column.name});
    }
    Answer answer{shape, std::move(names)};
    answer.reserve(static_cast<std::size_t>(rows.size()));
    for (int row = 0; row < rows.size(); ++row) {
        if (rows.is_null(row, numbers.front())) continue;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            switch (columns[i].kind) {
                case ListedColumn::Kind::kInteger:
                    answer.add(rows.integer(row, numbers[i]));
                    break;
                case ListedColumn::Kind::kFlag:
                    answer.add(std::int64_t{rows.boolean(row, numbers[i])});
                    break;
                case ListedColumn::Kind::kText:
                    answer.add(rows.text(row, numbers[i]));
                    break;
            }
        }
    }
    return answer;
}

}  // namespace core
