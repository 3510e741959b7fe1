#include "core/statistics.hpp"

#include <cassert>
#include <limits>

namespace core {

std::int64_t average_in_hundredths(std::int64_t sum, std::int64_t known) {
    assert(known > 0 && sum >= 0);
    // sum / known + 1/200 rounded down, times 100. Wide enough for every pair of 64-bit values; a GCC and Clang
    // extension.
    __extension__ using Wide = unsigned __int128;
    const auto divisor = static_cast<Wide>(known);
    const Wide hundredths = (static_cast<Wide>(sum) * 200 + divisor) / (divisor * 2);
    assert(hundredths <= static_cast<Wide>(std::numeric_limits<std::int64_t>::max()));
    return static_cast<std::int64_t>(hundredths);
}

}  // namespace core
