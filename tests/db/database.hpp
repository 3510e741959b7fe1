#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "sql/connection.hpp"

/// What the database tests share. They need a server of their own, which PGHOST, PGUSER (a superuser) and so on name.
namespace test {

/// A database for one test, at the newest schema, with the seeded roles and no other rows. Dropped at the end. Its
/// owner is the role `owner`, which is not a superuser. The roles `reader`, `writer`, `phone_system` and `monitor` are
/// granted what their names say. All five may log in.
class Database {
  public:
    Database();
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    const std::string& name() const { return name_; }
    std::string conninfo(std::string_view user = "owner") const;

    /// The connection of the owner, open as long as *this lives.
    sql::Connection& owner() { return owner_; }

    /// Runs statements as the owner.
    void run(const std::string& text) { owner_.script(text, sql::kNoDeadline); }

    /// The first column of the first row that the owner gets, as text; "null" for null and "none" without a row.
    std::string value(const std::string& text);

    /// The SQLSTATE that the owner's statements fail with; "" when they do not.
    std::string sqlstate(const std::string& text);

  private:
    std::string name_;
    sql::Connection owner_;
};

/// An empty database. Dropped at the end.
class EmptyDatabase {
  public:
    explicit EmptyDatabase(const std::string& options = "");  ///< options of `create database`
    ~EmptyDatabase();
    EmptyDatabase(const EmptyDatabase&) = delete;
    EmptyDatabase& operator=(const EmptyDatabase&) = delete;

    std::string conninfo(std::string_view user = "owner") const;

  private:
    std::string name_;
};

sql::Connection connect(const std::string& conninfo, bool prepare = false);

/// As Database::value(). connection must not prepare statements.
std::string value(sql::Connection& connection, const std::string& text);

/// The SQLSTATE of the sql::Failure that act throws; "none" when it has no SQLSTATE, "" when act throws nothing.
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

/// Suspends the postmaster (SIGSTOP) as long as *this lives: it accepts no connection, and running sessions go on.
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
