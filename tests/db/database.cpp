#include "tests/db/database.hpp"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "sql/grant.hpp"
#include "sql/migrate.hpp"

namespace test {

namespace {

const auto kIgnore = [](std::string_view) {};

std::string next_name() {
    static int count = 0;
    return "test_" + std::to_string(++count);
}

std::string conninfo_of(const std::string& database, std::string_view user) {
    return "dbname=" + database + " user=" + std::string{user};
}

/// The name of the database of which every Database is a copy. Made and migrated at the first call.
const std::string& template_database() {
    static const std::string name = [] {
        as_superuser("create role owner login createrole");
        as_superuser("create role reader login");
        as_superuser("create role writer login");
        as_superuser("create role phone_system login");
        as_superuser("create role monitor login");
        as_superuser("create role router login");
        as_superuser("create role shard login");
        // Else PostgreSQL 16 lets it make no settings of theirs.
        as_superuser("grant reader, router to owner with admin option");
        as_superuser("create database template_migrated owner owner");
        sql::Connection connection = connect(conninfo_of("template_migrated", "owner"));
        sql::migrate(connection, kIgnore);
        sql::grant(connection, sql::Grant::kReader, "reader", sql::kNoDeadline, kIgnore);
        sql::grant(connection, sql::Grant::kWriter, "writer", sql::kNoDeadline, kIgnore);
        sql::grant(connection, sql::Grant::kPhoneSystem, "phone_system", sql::kNoDeadline, kIgnore);
        sql::grant(connection, sql::Grant::kMonitor, "monitor", sql::kNoDeadline, kIgnore);
        sql::grant(connection, sql::Grant::kRouter, "router", sql::kNoDeadline, kIgnore);
        sql::grant(connection, sql::Grant::kShard, "shard", sql::kNoDeadline, kIgnore);
        return std::string{"template_migrated"};
    }();
    return name;
}

std::string create_from_template() {
    const std::string name = next_name();
    as_superuser("create database " + name + " owner owner template " + template_database());
    return name;
}

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    if (!value) throw std::runtime_error{std::string{name} + " is not set: run this by tests/tools/with-postgresql"};
    return value;
}

void pg_ctl(const std::string& arguments) {
    const std::string directory = environment("POSTGRESQL_DIR");
    const std::string command = std::string{geteuid() == 0 ? "runuser -u postgres -- " : ""} +
                                environment("POSTGRESQL_BIN") + "/pg_ctl -D " + directory + "/data -l " + directory +
                                "/log -w -s " + arguments + " </dev/null >/dev/null 2>&1";
    if (std::system(command.c_str()) != 0) throw std::runtime_error{command};
}

}  // namespace

sql::Connection connect(const std::string& conninfo, bool prepare) {
    sql::Connection connection{{conninfo, "db-tests", {}, prepare}};
    connection.open(sql::kNoDeadline);
    return connection;
}

std::string value(sql::Connection& connection, const std::string& text) {
    const sql::Rows rows = connection.query({"test", text.c_str()}, {}, sql::kNoDeadline);
    if (rows.size() == 0) return "none";
    return rows.is_null(0, 0) ? "null" : std::string{rows.text(0, 0)};
}

std::string sqlstate_of(const std::function<void()>& act) {
    try {
        act();
    } catch (const sql::Failure& failure) {
        return failure.sqlstate().empty() ? "none" : failure.sqlstate();
    }
    return "";
}

void as_superuser(const std::string& text) { connect("").script(text, sql::kNoDeadline); }

Database::Database() : name_{create_from_template()}, owner_{connect(conninfo())} {}

Database::~Database() {
    owner_.close();
    as_superuser("drop database " + name_ + " with (force)");
}

std::string Database::conninfo(std::string_view user) const { return conninfo_of(name_, user); }

std::string Database::value(const std::string& text) { return test::value(owner_, text); }

std::string Database::sqlstate(const std::string& text) {
    return sqlstate_of([&] { run(text); });
}

EmptyDatabase::EmptyDatabase(const std::string& options) : name_{next_name()} {
    template_database();  // makes the roles
    as_superuser("create database " + name_ + " owner owner " + options);
}

EmptyDatabase::~EmptyDatabase() { as_superuser("drop database " + name_ + " with (force)"); }

std::string EmptyDatabase::conninfo(std::string_view user) const { return conninfo_of(name_, user); }

StoppedServer::StoppedServer() { pg_ctl("-m fast stop"); }

StoppedServer::~StoppedServer() { pg_ctl("start"); }

SuspendedPostmaster::SuspendedPostmaster() : pid_{0} {
    std::ifstream{environment("POSTGRESQL_DIR") + "/data/postmaster.pid"} >> pid_;
    if (pid_ <= 1 || kill(pid_, SIGSTOP) != 0) throw std::runtime_error{"cannot suspend the postmaster"};
}

SuspendedPostmaster::~SuspendedPostmaster() { kill(pid_, SIGCONT); }

}  // namespace test
