#include "core/packed_rows.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/failure.hpp"

namespace core {
namespace {

constexpr std::string_view kMark = "rows";

class PackedRows final : public Rows {
  public:
    /// text: the records in `packed`, which names the columns.
    PackedRows(std::unique_ptr<const Rows> packed, std::string_view text) : packed_{std::move(packed)}, text_{text} {
        for (char* at = text_.data(); *at != '\0';) at = read_record(at);
    }

    int size() const override { return static_cast<int>(cells_.size() / static_cast<std::size_t>(columns())); }
    int columns() const override { return packed_->columns(); }
    std::string_view name(int column) const override { return packed_->name(column); }
    bool is_null(int row, int column) const override { return cell(row, column) == nullptr; }
    const char* value(int row, int column) const override {
        const char* const found = cell(row, column);
        return found == nullptr ? "" : found;
    }

  private:
    const char* cell(int row, int column) const {
        return cells_[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns()) +
                      static_cast<std::size_t>(column)];
    }

    [[noreturn]] static void fail() { throw StoreFailure{StoreFailure::Kind::kBroken, "sums: not packed rows"}; }

    /// Reads the record at `at`. Returns where the next one begins.
    char* read_record(char* at) {
        if (*at != '(') fail();
        const int count = columns();
        for (int column = 1;; ++column) {
            if (read_field(++at) != (column == count ? ')' : ',')) fail();
            if (column == count) return at + 1;
        }
    }

    /// Reads the field at `at`, and puts a NUL behind it. Moves `at` to the character that ended it, and returns that
    /// character; a NUL: the text ends there.
    char read_field(char*& at) {
        if (*at == ',' || *at == ')') {
            cells_.push_back(nullptr);
            return *at;
        }
        char* to = at;
        cells_.push_back(to);
        for (bool quoted = false; *at != '\0'; ++at) {
            if (quoted && (*at == '"' || *at == '\\') && at[1] == *at)
                *to++ = *at++;
            else if (*at == '"')
                quoted = !quoted;
            else if (!quoted && (*at == ',' || *at == ')'))
                break;
            else
                *to++ = *at;
        }
        const char end = *at;
        *to = '\0';
        return end;
    }

    std::unique_ptr<const Rows> packed_;  ///< for the names of the columns
    std::string text_;                    ///< has become the fields, each ended by a NUL
    std::vector<const char*> cells_;      ///< in text_; null pointers are nulls
};

}  // namespace

std::unique_ptr<const Rows> unpacked(std::unique_ptr<const Rows> rows) {
    if (rows->size() != 1) return rows;
    int column = 0;
    while (column < rows->columns() && rows->name(column) != "sums") ++column;
    if (column == rows->columns()) return rows;
    const std::string_view text = rows->text(0, column);
    if (!text.starts_with(kMark)) return rows;
    return std::make_unique<const PackedRows>(std::move(rows), text.substr(kMark.size()));
}

}  // namespace core
