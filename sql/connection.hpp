#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/failure.hpp"
#include "core/rows.hpp"

struct pg_conn;
struct pg_result;

/// One connection to PostgreSQL. No call waits past its deadline, also when the server is stopped, unreachable or
/// silent; after a deadline the connection is closed and never reused, because an answer may still be on its way.
/// One wait has no end of ours: libpq looks up host names by getaddrinfo(3), which has the resolver's own timeouts.
/// Where that matters, name the server by `hostaddr` or a Unix socket.
///
/// Of several hosts libpq takes the first that suits `target_session_attrs`; it goes on to the next one when a host
/// refuses or does not acknowledge (tcp_user_timeout), not when one accepts and stays silent.
namespace sql {

using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;

/// For commands that a person watches and can interrupt.
inline constexpr Deadline kNoDeadline = Deadline::max();

/// The database refused or could not be reached. `detail()` is one line for the log; it may quote the statement's name
/// but no parameter.
class Failure : public core::StoreFailure {
  public:
    Failure(Kind kind, std::string sqlstate, std::string message, std::string detail)
        : StoreFailure{kind, std::move(detail)}, sqlstate_{std::move(sqlstate)}, message_{std::move(message)} {}

    const std::string& sqlstate() const noexcept { return sqlstate_; }  ///< five characters; empty: not from the server
    const std::string& message() const noexcept { return message_; }    ///< the server's primary message, or libpq's
    bool lost() const noexcept { return sqlstate_.empty(); }            ///< no answer, or no connection at all

  private:
    std::string sqlstate_;
    std::string message_;
};

/// A statement from sql/queries: `name` is the file's name without ending, also its name in the log and, prefixed,
/// that of the prepared statement.
struct Statement {
    const char* name;
    const char* text;
};

/// A parameter in PostgreSQL's text form; nothing is null. Never part of the statement's text.
using Parameter = std::optional<std::string>;

/// A statement with its parameters, $1 first.
struct Query {
    const Statement& statement;
    std::vector<Parameter> parameters;
};

/// The rows of an answer.
class Rows final : public core::Rows {
  public:
    struct Clear {
        void operator()(pg_result* result) const;
    };
    using Result = std::unique_ptr<pg_result, Clear>;

    explicit Rows(Result result) : result_{std::move(result)} {}

    int size() const override;
    int columns() const override;
    std::string_view name(int column) const override;
    bool is_null(int row, int column) const override;
    std::string_view text(int row, int column) const override;

    std::int64_t affected() const;  ///< rows that an insert, update, delete or copy touched

  private:
    Result result_;
};

/// Whether libpq can read text as a connection string or URI. Empty is one.
bool is_conninfo(const std::string& text);

/// How to reach the database, and what is set on every new connection.
struct ConnectionOptions {
    std::string conninfo;          ///< connection string or URI; empty: libpq's environment (PGHOST, PGSERVICE, ...)
    std::string application_name;  ///< shown in pg_stat_activity
    std::vector<std::string> after_connect;  ///< statements run once on each new connection, e.g. "set jit = off"
    bool prepare = true;  ///< false behind a pooler in transaction mode: statements are then sent whole
};

class Connection {
  public:
    explicit Connection(ConnectionOptions options);
    ~Connection();
    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;

    /// Connects when not connected and runs `after_connect`. Throws Failure: without a connection it is unavailable,
    /// whatever the reason (down, refused, wrong password, deadline).
    void open(Deadline deadline);
    void close() noexcept;
    bool is_open() const noexcept;
    int server_version() const;  ///< e.g. 150006; precondition: is_open()

    /// client_socket: the connected socket of whoever waits for the answers, open until the next call; -1 (as at
    /// first): none. Once it is closed at the other end, queries throw core::ClientLeft. What waits then also closes
    /// *this: that ends the statement, within the server's client_connection_check_interval. Bytes, and one direction
    /// shut down, are none of its business.
    void set_client_socket(int client_socket) noexcept;

    /// Runs one statement, opening the connection first when there is none. Prepares it at its first use on this
    /// connection. Throws Failure; after a lost connection or a passed deadline is_open() is false.
    Rows query(const Statement& statement, const std::vector<Parameter>& parameters, Deadline deadline);

    /// Runs several in one round trip (libpq's pipeline mode), as one transaction unless one was begun; their rows in
    /// the same order. Throws the first Failure: what follows a statement that failed is not run.
    std::vector<Rows> pipeline(const std::vector<Query>& queries, Deadline deadline);

    /// Runs several statements without parameters (a migration, `begin`); nothing is returned.
    void script(const std::string& text, Deadline deadline);

    /// COPY ... FROM STDIN: start, then any number of pieces (they need not end at a line), then finish, which throws
    /// when the server refused any of it, and returns the number of rows. Waits while the server is slow to take them.
    /// Each piece is sent at once, so pieces of some ten KiB cost least. A copy that is not to be finished ends by
    /// close().
    void copy_begin(const std::string& statement, Deadline deadline);
    void copy_put(std::string_view data, Deadline deadline);
    std::int64_t copy_end(Deadline deadline);

    /// Called with each notice or warning of the server (one line); by default they are dropped.
    void on_notice(std::function<void(std::string_view)> receiver);

    /// text as an SQL identifier, quoted; for the few commands that take no parameters (grant ... to ROLE).
    /// Precondition: is_open().
    std::string quoted_identifier(std::string_view text) const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// A transaction at READ COMMITTED, begun here. Left without commit() it closes the connection, which rolls back and
/// never waits; the next call opens a new one. A statement that fails ends the transaction all the same: let the
/// exception leave the scope.
class Transaction {
  public:
    Transaction(Connection& connection, Deadline deadline);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    void commit(Deadline deadline);

  private:
    Connection& connection_;
    bool committed_ = false;
};

}  // namespace sql
