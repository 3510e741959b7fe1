#pragma once

#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/figures.hpp"
#include "core/rows.hpp"

/// Rows in memory with the columns of queue_statistics.sql. A column that a row does not have is null.
class FakeRows final : public core::Rows {
  public:
    using Row = std::map<std::string, std::string, std::less<>>;

    explicit FakeRows(std::vector<Row> rows) : rows_{std::move(rows)} {}

    int size() const override { return static_cast<int>(rows_.size()); }
    int columns() const override { return static_cast<int>(names().size()); }
    std::string_view name(int column) const override { return names().at(static_cast<std::size_t>(column)); }
    bool is_null(int row, int column) const override { return cell(row, column) == nullptr; }
    const char* value(int row, int column) const override {
        const std::string* const found = cell(row, column);
        return found == nullptr ? "" : found->c_str();
    }

  private:
    static const std::vector<std::string_view>& names() {
        static const std::vector<std::string_view> all = [] {
            std::vector<std::string_view> columns{"destination", "dtype", "dnumber"};
            for (const core::Figure& figure : core::offer_figures())
                for (const std::string_view column : {figure.column, figure.known})
                    if (!column.empty()) columns.push_back(column);
            return columns;
        }();
        return all;
    }

    /// nullptr: null.
    const std::string* cell(int row, int column) const {
        const Row& cells = rows_.at(static_cast<std::size_t>(row));
        const auto found = cells.find(name(column));
        return found == cells.end() ? nullptr : &found->second;
    }

    std::vector<Row> rows_;
};
