#pragma once

#include <array>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/figures.hpp"
#include "core/rows.hpp"

/// Rows in memory with the columns of every statement that answers a function. A column that a row does not have is
/// null.
class FakeRows final : public core::Rows {
  public:
    using Row = std::map<std::string, std::string, std::less<>>;

    explicit FakeRows(std::vector<Row> rows) : rows_{std::move(rows)} {}

    int size() const override { return static_cast<int>(rows_.size()); }
    int columns() const override { return static_cast<int>(kNames.size()); }
    std::string_view name(int column) const override { return kNames.at(static_cast<std::size_t>(column)); }
    bool is_null(int row, int column) const override { return cell(row, column) == nullptr; }
    const char* value(int row, int column) const override {
        const std::string* const found = cell(row, column);
        return found == nullptr ? "" : found->c_str();
    }

    /// The row that names the sums of the rows that follow.
    static Row names(std::span<const core::Figure> figures = core::offer_figures()) {
        std::string record;
        for (const core::Figure& figure : figures)
            if (!figure.sums.empty()) (record += record.empty() ? "(" : ",") += figure.sums;
        return {{"names", "t"}, {"sums", record + ")"}};
    }

    /// A row of sums, given by their names; the others are null.
    static Row sums(std::string destination, const Row& sums,
                    std::span<const core::Figure> figures = core::offer_figures()) {
        std::string record;
        for (const core::Figure& figure : figures) {
            if (figure.sums.empty()) continue;
            record += record.empty() ? "(" : ",";
            if (const auto found = sums.find(figure.sums); found != sums.end()) record += found->second;
        }
        return {{"destination", std::move(destination)}, {"sums", record + ")"}};
    }

  private:
    static constexpr auto kNames = std::to_array<std::string_view>({"destination",
                                                                    "dtype",
                                                                    "dnumber",
                                                                    "removed",
                                                                    "outcome",
                                                                    "in_progress",
                                                                    "talktime",
                                                                    "ringtime",
                                                                    "holdtime",
                                                                    "start",
                                                                    "waittime",
                                                                    "entered",
                                                                    "names",
                                                                    "sums",
                                                                    "id",
                                                                    "customer",
                                                                    "name",
                                                                    "count",
                                                                    "queue",
                                                                    "available",
                                                                    "priority",
                                                                    "username",
                                                                    "auth_token",
                                                                    "auth_token_expiry",
                                                                    "auth_token_expires",
                                                                    "first",
                                                                    "last"});

    /// nullptr: null.
    const std::string* cell(int row, int column) const {
        const Row& cells = rows_.at(static_cast<std::size_t>(row));
        const auto found = cells.find(name(column));
        return found == cells.end() ? nullptr : &found->second;
    }

    std::vector<Row> rows_;
};
