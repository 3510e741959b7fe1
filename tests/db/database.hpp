#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "sql/connection.hpp"

/// What the database tests share. They need the server that PGHOST, PGUSER (a superuser) ... name, and use it alone.
namespace test {

/// A database of its own for one test, at the newest schema and empty but for the seeded roles; dropped at the end.
/// It belongs to the role `owner`, no superuser; `reader` and `writer` are granted. All three may log in.
class Database {
  public:
    Database();
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    const std::string& name() const { return name_; }
    std::string conninfo(std::string_view user = "owner") const;

    /// A connection as the owner, open as long as *this.
    sql::Connection& owner() { return owner_; }

    /// Runs statements as the owner.
    void run(const std::string& text) { owner_.script(text, sql::kNoDeadline); }

    /// The first column of the first row, as text, asked by the owner; "null" for null and "none" without a row.
    std::string value(const std::string& text);

    /// The SQLSTATE that the owner's statements fail with; "" when they do not.
    std::string sqlstate(const std::string& text);

  private:
    std::string name_;
    sql::Connection owner_;
};

/// An empty database; dropped at the end.
class EmptyDatabase {
  public:
    explicit EmptyDatabase(const std::string& options = "");  ///< of create database
    ~EmptyDatabase();
    EmptyDatabase(const EmptyDatabase&) = delete;
    EmptyDatabase& operator=(const EmptyDatabase&) = delete;

    std::string conninfo(std::string_view user = "owner") const;

  private:
    std::string name_;
};

sql::Connection connect(const std::string& conninfo, bool prepare = false);

/// As in Database, on any connection that does not prepare.
std::string value(sql::Connection& connection, const std::string& text);

/// The SQLSTATE of the sql::Failure that `act` throws, "none" for one without; "" when it throws nothing.
std::string sqlstate_of(const std::function<void()>& act);

/// Runs a statement on the superuser's database.
void as_superuser(const std::string& text);

/// Stops the server as long as *this lives.
class StoppedServer {
  public:
    StoppedServer();
    ~StoppedServer();
    StoppedServer(const StoppedServer&) = delete;
    StoppedServer& operator=(const StoppedServer&) = delete;
};

/// Suspends the postmaster (SIGSTOP) as long as *this lives: it accepts nobody, and running sessions go on.
class SuspendedPostmaster {
  public:
    SuspendedPostmaster();
    ~SuspendedPostmaster();
    SuspendedPostmaster(const SuspendedPostmaster&) = delete;
    SuspendedPostmaster& operator=(const SuspendedPostmaster&) = delete;

  private:
    int pid_;
};

}  // namespace test
