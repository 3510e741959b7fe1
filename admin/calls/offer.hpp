#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// An offer as a CSV file has it, checked for all that the tables would refuse.
namespace admin {

/// A point in time, 1970..9999, in microseconds since 1970, from Unix seconds (`1543602677`) or ISO 8601 with an offset
/// (`2018-11-30T18:31:17Z`, `2018-11-30 19:31:17.25+01:00`; seconds may be left out, the offset may be `+01` or
/// `+0100`). Either may have a fraction, of which six digits count. Nothing for anything else: `2018-11-30T18:31:17`
/// could mean any of a day's hours.
std::optional<std::int64_t> read_time(std::string_view text);

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

}  // namespace admin
