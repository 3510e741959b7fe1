#pragma once

#include <exception>
#include <string>
#include <utility>

/// A broken world, as exceptions; what a client did wrong is a value (refusal.hpp).
namespace core {

/// The database could not answer. Thrown in sql, caught in one place. The words are for the log alone: they never reach
/// a client.
class StoreFailure : public std::exception {
  public:
    enum class Kind {
        kUnavailable,  ///< down, locked, overloaded, or its schema cannot be used: 503
        kTooSlow,      ///< a deadline passed: 504
        kBroken,       ///< anything else, and so our bug: 500
    };

    /// detail: one line: query name, SQLSTATE, the database's words, and the remedy when there is one.
    StoreFailure(Kind kind, std::string detail) : kind_{kind}, detail_{std::move(detail)} {}

    Kind kind() const noexcept { return kind_; }
    const std::string& detail() const noexcept { return detail_; }
    const char* what() const noexcept override { return detail_.c_str(); }

  private:
    Kind kind_;
    std::string detail_;
};

/// The client has left, so that nobody waits for the answer any more. The database did not fail.
class ClientLeft : public StoreFailure {
  public:
    /// query: the name of the query that was not run to its end.
    explicit ClientLeft(const std::string& query) : StoreFailure{Kind::kTooSlow, query + ": the client has left"} {}
};

}  // namespace core
