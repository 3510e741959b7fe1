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

/// One connection to PostgreSQL. No call waits past its deadline, even when the server is stopped, unreachable or
/// silent. A passed deadline closes the connection, because the answer may still be on its way. One wait has no
/// deadline: libpq looks up host names by getaddrinfo(3), which has the resolver's own timeouts. Where that matters,
/// name the server by `hostaddr` or a Unix socket.
///
/// Of several hosts libpq takes the first that suits `target_session_attrs`. libpq goes on to the next host when a host
/// refuses the connection or does not acknowledge (tcp_user_timeout), but not when a host accepts and stays silent.
namespace sql {

using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;

/// Waits without an end. For commands that a person watches and can interrupt.
inline constexpr Deadline kNoDeadline = Deadline::max();

/// The database refused a statement, or could not be reached. detail() is one line for the log: it names the statement
/// and never quotes a parameter.
class Failure : public core::StoreFailure {
  public:
    Failure(Kind kind, std::string sqlstate, std::string message, std::string detail, std::string hint = {})
        : StoreFailure{kind, std::move(detail)},
          sqlstate_{std::move(sqlstate)},
          message_{std::move(message)},
          hint_{std::move(hint)} {}

    const std::string& sqlstate() const noexcept {
        return sqlstate_;
    }  ///< five characters; empty when the server sent none
    const std::string& message() const noexcept { return message_; }  ///< the server's primary message, or libpq's
    const std::string& hint() const noexcept { return hint_; }        ///< what to do, where the server says it
    bool lost() const noexcept { return sqlstate_.empty(); }  ///< the server did not answer, or there is no connection

  private:
    std::string sqlstate_;
    std::string message_;
    std::string hint_;
};

/// A statement from a folder `queries`. Both are literals.
struct Statement {
    const char*
        name;  ///< the file's name without its ending; in the log too, and in the name of the prepared statement
    const char* text;
};

/// A parameter in PostgreSQL's text form; nullopt is null. Sent beside the statement, never as a part of its text.
using Parameter = std::optional<std::string>;

/// A statement with its parameters, $1 first. statement must outlive the query.
struct Query {
    const Statement& statement;
    std::vector<Parameter> parameters;
};

/// The result of a statement. Owns the memory of its values.
class Rows final : public core::Rows {
  public:
    struct Clear {
        void operator()(pg_result* result) const;
    };
    using Result = std::unique_ptr<pg_result, Clear>;

    explicit Rows(Result result);

    int size() const override;
    int columns() const override;
    std::string_view name(int column) const override;
    bool is_null(int row, int column) const override;
    const char* value(int row, int column) const override;
    std::optional<std::int64_t> optional_integer(int row, int column) const override;
    bool boolean(int row, int column) const override;

    std::int64_t affected() const;  ///< how many rows an insert, update, delete or copy touched

  private:
    Result result_;
    std::vector<unsigned> types_;  ///< of each column in binary form, its number in pg_type; 0 in text form
};

/// Whether libpq can read text as a connection string or URI. True for an empty text.
bool is_conninfo(const std::string& text);

/// The value of a keyword in a connection string or URI; nullopt when the text does not say it. Precondition:
/// is_conninfo(text).
std::optional<std::string> conninfo_value(const std::string& text, std::string_view keyword);

/// How to reach the database, and what is set on every new connection.
struct ConnectionOptions {
    std::string conninfo;          ///< connection string or URI; empty for libpq's environment (PGHOST, PGSERVICE, ...)
    std::string application_name;  ///< shown in pg_stat_activity
    std::vector<std::string> after_connect;  ///< statements run once on each new connection, e.g. "set jit = off"
    bool prepare = true;  ///< false behind a pooler in transaction mode: statements are then sent whole
    /// Whether results of query() and pipeline() come in binary form, which costs less on both sides. Rows::value()
    /// then reads text types only.
    bool binary = false;
};

/// Opens itself at the first use. Not thread-safe.
class Connection {
  public:
    explicit Connection(ConnectionOptions options);
    ~Connection();
    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;

    /// Connects and runs after_connect, unless *this is open. Throws Failure of the kind unavailable, whatever the
    /// reason (down, refused, wrong password, deadline).
    void open(Deadline deadline);

    /// Closes without waiting. The server rolls an open transaction back.
    void close() noexcept;
    bool is_open() const noexcept;
    int server_version() const;  ///< 150006 for PostgreSQL 15.6; precondition: is_open()

    /// Sets the socket of the client that waits for the answers; -1, the default, for no client. Not owned: it must
    /// stay open until the next call of set_client_socket(). Once the other end has closed the socket, query(),
    /// pipeline() and every wait throw core::ClientLeft. A wait then closes *this too, which ends the statement within
    /// the server's client_connection_check_interval. Bytes that arrive on the socket, and a shutdown of one direction,
    /// change nothing.
    void set_client_socket(int client_socket) noexcept;

    /// Runs one statement and returns its rows. Opens the connection first if it is closed. Prepares the statement at
    /// its first use on the connection. Throws Failure; after a lost connection or a passed deadline is_open() is
    /// false.
    Rows query(const Statement& statement, const std::vector<Parameter>& parameters, Deadline deadline);

    /// Runs several statements in one round trip (libpq's pipeline mode) and returns their rows in the same order. The
    /// statements are one transaction, unless a transaction was begun before. Throws the first Failure; the statements
    /// after a failed one do not run. Precondition: queries is not empty.
    std::vector<Rows> pipeline(const std::vector<Query>& queries, Deadline deadline);

    /// Runs statements without parameters (a migration, `begin`) and drops their results. Throws Failure.
    void script(const std::string& text, Deadline deadline);

    /// Runs COPY ... FROM STDIN: copy_begin(), then copy_put() any number of times, then copy_end(). A piece of data
    /// need not end at a line end. copy_put() sends a piece at once and waits while the server is slow to take it:
    /// pieces of some ten KiB cost least. copy_end() returns the number of rows, and throws Failure when the server
    /// refused any of the data. close() gives a copy up.
    void copy_begin(const std::string& statement, Deadline deadline);
    void copy_put(std::string_view data, Deadline deadline);
    std::int64_t copy_end(Deadline deadline);

    /// Sets what is called with each notice or warning of the server, as one line. By default they are dropped.
    void on_notice(std::function<void(std::string_view)> receiver);

    /// text as a quoted SQL identifier, for the few commands that take no parameters (grant ... to ROLE). Precondition:
    /// is_open(). Throws Failure when text is not valid UTF-8.
    std::string quoted_identifier(std::string_view text) const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// A transaction at READ COMMITTED, begun by the constructor. Without commit() the destructor closes the connection:
/// that rolls back and never waits, and the next call opens a new connection. After a statement that failed the
/// transaction cannot go on: let the exception leave the scope.
class Transaction {
  public:
    /// connection must outlive this object. Throws Failure.
    Transaction(Connection& connection, Deadline deadline);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    /// Throws Failure; then the destructor closes the connection.
    void commit(Deadline deadline);

  private:
    Connection& connection_;
    bool committed_ = false;
};

}  // namespace sql
