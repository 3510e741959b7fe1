#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Offers and callers as a CSV file has them, checked for everything that the tables would refuse.
namespace admin::calls {

/// What the fields of a column hold.
enum class Content {
    kQueue,        ///< a name
    kDestination,  ///< dtype or dnumber
    kUniqueid,
    kTime,
    kSeconds,  ///< empty: unknown
    kOutcome,
    kInProgress,  ///< the column may be missing
};

struct Column {
    std::string_view name;
    Content content;
    /// Of seconds: whether a call of that outcome has none, and what a message says then.
    bool (*is_refused)(std::string_view outcome) = nullptr;
    std::string_view problem{};
};

/// A kind of rows: its columns in the order of the import's table, and the outcomes of the column `outcome`.
struct Layout {
    std::string_view subject;  ///< of a message: such a row
    std::span<const Column> columns;
    std::span<const std::string_view> outcomes;
};

extern const Layout kOfferLayout;
extern const Layout kCallerLayout;

/// The columns of a CSV file, as its header line names them.
class CsvColumns {
  public:
    /// header: the fields of the header line. Throws console::Refusal when a column is missing (only in_progress may
    /// be), unknown or there twice; the message names all of them.
    CsvColumns(const Layout& layout, const std::vector<std::string>& header);

    /// Checks the row in `fields`. When it is good, appends it to `out` as a line for COPY into imported_calls, whose
    /// first column is `line`, and returns an empty text. Else returns what is wrong, and `out` stays as it was.
    std::string append(std::int64_t line, const std::vector<std::string>& fields, std::string& out) const;

  private:
    std::string_view field(std::size_t column, const std::vector<std::string>& fields) const;
    std::string find_problem(const std::vector<std::string>& fields) const;

    const Layout& layout_;
    std::vector<std::optional<std::size_t>> position_;  ///< of each column of the layout
    std::size_t count_;
};

}  // namespace admin::calls
