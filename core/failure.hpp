#pragma once

#include <exception>
#include <string>
#include <utility>

/// What breaks around us is an exception. What a client did wrong is a value (refusal.hpp).
namespace core {

/// The database could not answer, or its rows are not as core expects them (Kind::kBroken). For a request one place
/// catches it, http::Handler::handle(). detail() is for the log and the administrator alone: no client ever sees it.
class StoreFailure : public std::exception {
  public:
    enum class Kind {
        kUnavailable,  ///< the database is down, locked or overloaded, or its schema cannot be used: 503
        kTooSlow,      ///< a deadline passed: 504
        kBroken,       ///< anything else, which is a bug of ours: 500
    };

    /// detail: one line with the query's name, the SQLSTATE, the database's words, and the remedy if one is known.
    StoreFailure(Kind kind, std::string detail) : kind_{kind}, detail_{std::move(detail)} {}

    Kind kind() const noexcept { return kind_; }
    const std::string& detail() const noexcept { return detail_; }
    const char* what() const noexcept override { return detail_.c_str(); }

  private:
    Kind kind_;
    std::string detail_;
};

/// The client has closed its connection, so nobody waits for the answer any more. The database did not fail.
class ClientLeft : public StoreFailure {
  public:
    /// query: the name of the query that did not run to its end.
    explicit ClientLeft(const std::string& query) : StoreFailure{Kind::kTooSlow, query + ": the client has left"} {}
};

}  // namespace core
