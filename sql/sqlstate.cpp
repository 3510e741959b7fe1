#include "sql/sqlstate.hpp"

#include <algorithm>

namespace sql {

namespace {

using Kind = core::StoreFailure::Kind;

constexpr std::string_view kMigrate = "queue-statistics migrate";
constexpr bool kTransient = true;
constexpr std::string_view kPrepareOff = "QUEUE_STATISTICS_PREPARE=off behind a pooler in transaction mode";

constexpr SqlState kSqlStates[]{
    {"08", Kind::kUnavailable, Retry::kNo, "", kTransient},
    {"0A000", Kind::kBroken, Retry::kNewSession, ""},      // the result of a prepared statement has changed its types
    {"25006", Kind::kBroken, Retry::kNo, "", kTransient},  // a standby that is to become the primary
    {"26000", Kind::kBroken, Retry::kNewSession, kPrepareOff},
    {"3F000", Kind::kUnavailable, Retry::kNo, kMigrate},
    {"40001", Kind::kUnavailable, Retry::kSameSession, "", kTransient},
    {"40P01", Kind::kUnavailable, Retry::kSameSession, "", kTransient},
    {"42501", Kind::kUnavailable, Retry::kNo, "queue-statistics grant"},
    {"42883", Kind::kUnavailable, Retry::kNo, kMigrate},
    {"42P01", Kind::kUnavailable, Retry::kNo, kMigrate},
    {"42P05", Kind::kBroken, Retry::kNewSession, kPrepareOff},
    {"53", Kind::kUnavailable, Retry::kNo, "", kTransient},
    {"55P03", Kind::kUnavailable, Retry::kNo, "", kTransient},
    {"57014", Kind::kTooSlow, Retry::kNo, "", kTransient},
    {"57P0", Kind::kUnavailable, Retry::kNewSession, "", kTransient},
    {"", Kind::kBroken, Retry::kNo, ""},
};

}  // namespace

std::span<const SqlState> sqlstates() { return kSqlStates; }

const SqlState& find_sqlstate(std::string_view code) {
    return *std::ranges::find_if(kSqlStates, [&](const SqlState& state) { return code.starts_with(state.prefix); });
}

core::StoreFailure::Kind kind_of(std::string_view code) {
    return code.empty() ? Kind::kUnavailable : find_sqlstate(code).kind;
}

bool quotes_value(std::string_view code) { return code.starts_with("22"); }

}  // namespace sql
