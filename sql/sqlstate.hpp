#pragma once

#include <span>
#include <string_view>

#include "core/failure.hpp"

/// What PostgreSQL's error codes (SQLSTATE, five characters) mean to us. docs/operations.md has the same table for
/// administrators, and a test compares the two.
namespace sql {

/// Whether the same statement may well succeed at once.
enum class Retry {
    kNo,
    kSameSession,  ///< another transaction was in the way
    kNewSession,   ///< the session has ended, or its prepared statements cannot be relied on any more
};

struct SqlState {
    std::string_view prefix;  ///< what the codes begin with; all five characters: one code alone
    core::StoreFailure::Kind kind;
    Retry retry;
    std::string_view remedy;  ///< what an administrator does about it; empty when there is nothing to say
};

/// All that we know of. None is a prefix of another one but the last, which is empty and stands for every other code.
std::span<const SqlState> sqlstates();

/// The one of a code that the server reported.
const SqlState& find_sqlstate(std::string_view code);

/// The kind of a failure; an empty code is one without an answer from the server, which is unavailable.
core::StoreFailure::Kind kind_of(std::string_view code);

/// Whether the server's message quotes the value that it refuses, and so must stay out of the log.
bool quotes_value(std::string_view code);

}  // namespace sql
