#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// An answer is a table: named columns, and rows of cells that every format (http/json, http/csv) can write.
namespace core {

/// One value of a table.
struct Cell {
    enum class Kind : std::uint8_t {
        kNull,
        kInteger,     ///< number
        kHundredths,  ///< number / 100, written in the shortest form: 12, 12.5, 12.34
        kText,        ///< the text that Answer::text() returns for the cell
    };

    Kind kind = Kind::kNull;
    std::int64_t number = 0;
};

/// One object of a list within a row. For example, {"service_levels", "seconds", 20} is in JSON
/// "service_levels":[...,{"seconds":20,...},...], with the cells of its columns after its number.
struct Item {
    std::string_view list;  ///< the key of the list
    std::string_view key;   ///< the key of number
    std::int64_t number;    ///< tells the items of a list apart
};

/// A column of an answer. Names are literals.
struct Column {
    std::string_view name;        ///< of the answer's columns no other has it
    const Item* item = nullptr;   ///< the item whose cell this is, if any; it lives as long as the program
    std::string_view item_key{};  ///< the key of the cell in its item
};

/// The data of an answer. Filled cell by cell, row after row. Invariant: at least one column.
class Answer {
  public:
    enum class Shape {
        kObject,  ///< exactly one row, in JSON an object
        kArray,   ///< any number of rows, in JSON an array of objects
        kNumber,  ///< exactly one cell, an integer, in JSON that number alone
    };

    /// columns: in the order of the answer. The columns of an item, and the items of a list, stand side by side.
    Answer(Shape shape, std::vector<Column> columns) : shape_{shape}, columns_{std::move(columns)} {}

    /// Reserves memory for that many rows; more may follow.
    void reserve(std::size_t rows) {
        cells_.reserve(rows * columns_.size());
        texts_.reserve(rows * kUsualTexts);
    }

    // Each adds the next cell, from left to right. A row is complete when it has a cell per column.
    void add(std::int64_t number) { cells_.push_back({Cell::Kind::kInteger, number}); }
    void add(std::optional<std::int64_t> number) {
        cells_.push_back(number ? Cell{Cell::Kind::kInteger, *number} : Cell{});
    }
    /// text: without a NUL.
    void add(std::string_view text) {
        cells_.push_back({Cell::Kind::kText, static_cast<std::int64_t>(texts_.size())});
        texts_.append(text) += '\0';
    }
    void add(Cell cell) { cells_.push_back(cell); }

    /// Makes the answer a file, for clients that asked for CSV. name: without an extension; of letters, digits, ".",
    /// "_" and "-" alone.
    void name_file(std::string name) { file_name_ = std::move(name); }

    Shape shape() const { return shape_; }
    /// Empty: the answer is no file.
    const std::string& file_name() const { return file_name_; }
    std::span<const Column> columns() const { return columns_; }
    std::size_t rows() const { return cells_.size() / columns_.size(); }
    /// The cells of a row. Precondition: row < rows(). Valid until the next add().
    std::span<const Cell> row(std::size_t row) const {
        return std::span{cells_}.subspan(row * columns_.size(), columns_.size());
    }
    /// The text of a cell of Kind::kText, ended by a NUL. Valid until the next add().
    const char* text(const Cell& cell) const { return texts_.data() + cell.number; }

  private:
    static constexpr std::size_t kUsualTexts = 16;  // bytes of a row's texts

    Shape shape_;
    std::vector<Column> columns_;
    std::vector<Cell> cells_;
    std::string texts_;  ///< of all cells, each ended by a NUL
    std::string file_name_;
};

}  // namespace core
