#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/refusal.hpp"

/// A request's parameters, as received: reading them from query string and body, and the ways in which every function
/// reads a value.
namespace core {

/// Pairs in query and body together; empty ones do not count.
inline constexpr std::size_t kMaxPairs = 64;

/// The known parameters of a request, decoded. Absent and empty are different here.
class Parameters {
  public:
    /// The value of a parameter; nullptr when it is absent. Valid as long as *this is not changed.
    const std::string* find(std::string_view name) const;

    bool contains(std::string_view name) const { return find(name) != nullptr; }

    /// Adds a parameter that is not there yet. name: a literal, of which a view is kept.
    void add(std::string_view name, std::string value) { values_.emplace_back(name, std::move(value)); }

  private:
    std::vector<std::pair<std::string_view, std::string>> values_;  ///< few: found one by one
};

/// Names of parameters; literals.
using Names = std::span<const std::string_view>;

/// Reads the query string and, for a POST, the body (empty otherwise). Known are the names of both lists: of a
/// function, and of whoever asks. Names are exact; unknown names, and names that cannot be decoded, are ignored.
/// Refused with one `unreadable`: more than kMaxPairs pairs [no key], else the leftmost (query before body) known
/// parameter that is given again or cannot be decoded [its name].
Result<Parameters> read_parameters(Names known, Names also_known, std::string_view query, std::string_view body);

/// Whether a parameter is there and not empty.
bool is_given(const Parameters& parameters, std::string_view name);

/// As is_given(), for ids, where a zero counts as not given too, however many digits it has.
bool is_id_given(const Parameters& parameters, std::string_view name);

/// The id that a parameter gives, 1..2^63-1; otherwise 0, and refusals gets an `invalid` of that name.
/// Precondition: is_id_given().
std::int64_t read_id(const Parameters& parameters, std::string_view name, Refusals& refusals);

}  // namespace core
