#pragma once

#include <span>
#include <string_view>

#include "core/failure.hpp"

/// What PostgreSQL's error codes (SQLSTATE, five characters) mean for an answer. docs/operations.md has the same table
/// for administrators; a unit test compares both.
namespace sql {

/// Whether the same statement may succeed when it is sent again at once.
enum class Retry {
    kNo,
    kSameSession,  ///< in the same session: another transaction was in the way
    kNewSession,   ///< in a new session: the old one has ended, or its prepared statements cannot be used any more
};

/// What a code, or all codes with a prefix, mean.
struct SqlState {
    std::string_view prefix;  ///< the begin of the codes, or a whole code of five characters
    core::StoreFailure::Kind kind;
    Retry retry;
    std::string_view remedy;  ///< what an administrator can do about it; may be empty
    /// Whether the trouble passes by itself: the server is away or busy, not wrong. Who can wait tries again later.
    bool transient = false;
};

/// All entries. No prefix begins another one, except the last: it is empty and stands for every other code.
std::span<const SqlState> sqlstates();

/// The entry of a code that the server reported.
const SqlState& find_sqlstate(std::string_view code);

/// The kind of a failure with that code. An empty code means that the server did not answer: unavailable.
core::StoreFailure::Kind kind_of(std::string_view code);

/// Whether the server's message for that code quotes the refused value, so that it must stay out of the log: class 22.
bool quotes_value(std::string_view code);

}  // namespace sql
