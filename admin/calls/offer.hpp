#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Offers as a CSV file has them, checked for everything that the tables would refuse.
namespace admin::calls {

/// The columns of a CSV file, as its header line names them.
class OfferColumns {
  public:
    /// header: the fields of the header line. Throws console::Refusal when a column is missing (only in_progress may
    /// be), unknown or there twice; the message names all of them.
    explicit OfferColumns(const std::vector<std::string>& header);

    /// Checks the offer in `fields`. When it is good, appends it to `out` as a line for COPY into imported_offers,
    /// whose first column is `line`, and returns an empty text. Else returns what is wrong, and `out` stays as it was.
    std::string append(std::int64_t line, const std::vector<std::string>& fields, std::string& out) const;

  private:
    std::array<std::optional<std::size_t>, 10> position_;
    std::size_t count_;
};

}  // namespace admin::calls
