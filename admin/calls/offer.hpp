#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// An offer as a CSV file has it, checked for all that the tables would refuse.
namespace admin::calls {

/// Where a file has its columns.
class OfferColumns {
  public:
    /// header: the fields of the header line. Throws Refusal, with all that is wrong: a column that is missing (only
    /// in_progress may be), unknown, or there twice.
    explicit OfferColumns(const std::vector<std::string>& header);

    /// Appends the offer in `fields` to out as a line for COPY into imported_offers, which begins with `line`, and
    /// returns an empty text; or leaves out as it was and returns what is wrong with it.
    std::string append(std::int64_t line, const std::vector<std::string>& fields, std::string& out) const;

  private:
    std::array<std::optional<std::size_t>, 10> position_;
    std::size_t count_;
};

}  // namespace admin::calls
