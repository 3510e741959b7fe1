#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/refusal.hpp"

/// The parameters of a request: reading them from query string and body, and reading values that every function has.
namespace core {

/// The most name=value pairs that query string and body may have together. Empty pairs do not count.
inline constexpr std::size_t kMaxPairs = 64;

/// The known parameters of a request, decoded. An absent parameter differs from an empty one.
class Parameters {
  public:
    Parameters() { values_.reserve(8); }

    /// The value of a parameter; nullptr when it is absent. Valid until the next add().
    const std::string* find(std::string_view name) const;

    bool contains(std::string_view name) const { return find(name) != nullptr; }

    /// Adds a parameter. Precondition: !contains(name). Keeps a view of name, which must be a literal.
    void add(std::string_view name, std::string value) { values_.emplace_back(name, std::move(value)); }

  private:
    std::vector<std::pair<std::string_view, std::string>> values_;  ///< so few that find() tries one after the other
};

/// Names of parameters, all literals.
using Names = std::span<const std::string_view>;

/// The known parameters in the query string and the body; body is empty for every method but POST. known: the names of
/// the function's own parameters; also_known: those of the login. Names are exact, letter case included. Ignores a pair
/// whose name is unknown or cannot be decoded. Refuses with one unreadable(): first more than kMaxPairs pairs (no key),
/// then the leftmost known parameter, query before body, that was given before or whose value cannot be decoded (key:
/// its name). For example, "queue=1;queue=1" is refused with the key `queue`.
Result<Parameters> read_parameters(Names known, Names also_known, std::string_view query, std::string_view body);

/// Whether a parameter is present and not empty.
bool is_given(const Parameters& parameters, std::string_view name);

/// As is_given(), for an id: a zero counts as not given too, however many digits it has (`0`, `00`).
bool is_id_given(const Parameters& parameters, std::string_view name);

/// The value of a parameter as an id, 1..2^63-1, both included. For any other value: 0, and refusals gets
/// invalid(name). Precondition: is_id_given(parameters, name).
std::int64_t read_id(const Parameters& parameters, std::string_view name, Refusals& refusals);

/// The value of a parameter as a whole number, 0..max, both included; default_number when it is not given. For any
/// other value: default_number, and refusals gets invalid(name).
std::int64_t read_number(const Parameters& parameters, std::string_view name, std::int64_t max,
                         std::int64_t default_number, Refusals& refusals);

/// An id, and the parameter that gave it.
struct GivenId {
    std::string_view name;
    std::int64_t id = 0;
};

/// The id that one of two parameters must give. refusals gets `both` when both are given (is_id_given), `neither` when
/// none is, or what read_id() refuses. When refusals got an entry, the returned id must not be used.
GivenId read_either_id(const Parameters& parameters, std::string_view one, std::string_view other, const Invalid& both,
                       const Invalid& neither, Refusals& refusals);

}  // namespace core
