#pragma once

#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/rows.hpp"

/// Rows in memory with the columns of queue_statistics.sql. A column that a row does not have is null.
class FakeRows final : public core::Rows {
  public:
    using Row = std::map<std::string, std::string, std::less<>>;

    static constexpr std::string_view kColumns[]{"destination",        "dtype",        "dnumber",        "answered",
                                                 "in_progress",        "no_answer",    "busy",           "cancelled",
                                                 "answered_elsewhere", "failed",       "talktime_known", "talktime_sum",
                                                 "talktime_min",       "talktime_max", "ringtime_known", "ringtime_sum",
                                                 "ringtime_min",       "ringtime_max", "holdtime_known", "holdtime_sum",
                                                 "holdtime_min",       "holdtime_max", "first_call",     "last_call"};

    explicit FakeRows(std::vector<Row> rows) : rows_{std::move(rows)} {}

    int size() const override { return static_cast<int>(rows_.size()); }
    int columns() const override { return static_cast<int>(std::size(kColumns)); }
    std::string_view name(int column) const override { return kColumns[column]; }
    bool is_null(int row, int column) const override { return cell(row, column) == nullptr; }
    const char* value(int row, int column) const override {
        const std::string* const found = cell(row, column);
        return found == nullptr ? "" : found->c_str();
    }

  private:
    /// nullptr: null.
    const std::string* cell(int row, int column) const {
        const Row& cells = rows_.at(static_cast<std::size_t>(row));
        const auto found = cells.find(name(column));
        return found == cells.end() ? nullptr : &found->second;
    }

    std::vector<Row> rows_;
};
