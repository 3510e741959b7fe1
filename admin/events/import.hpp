#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "admin/console/progress.hpp"
#include "sql/connection.hpp"

namespace admin {

/// Events from files into calls, for every phone system: lines are loaded into temporary tables of the session, read
/// there by the database's own rules (migration 3), and folded.
class EventImport {
  public:
    /// Connects and makes the tables. Throws Refusal when the customer is absent or deleted.
    explicit EventImport(std::int64_t customer);

    sql::Connection& connection() { return connection_; }
    Progress& progress() { return progress_; }
    std::int64_t bad() const { return bad_; }

    /// Names a line that is left out, on standard error.
    void report(const std::string& file, std::int64_t line, std::string_view problem);

    /// Reads what was loaded by a statement that fills imported_events from imported_lines; reports what it could not.
    /// name_of: the name of a file by its number.
    void read(const sql::Statement& statement, const std::string& source, const std::vector<std::string>& names);

    /// Calls load(path, number) for each file; one that cannot be read is named. Returns whether there was one.
    bool load_each(const std::vector<std::string>& paths, const std::function<void(const std::string&, int)>& load);

    /// Makes missing queues and folds all events that were read, rolls up, unless dry_run, and prints what was done.
    /// missing: as load_each() returned. Returns the exit code. Throws Refusal when strict forbids to go on.
    int finish(bool missing, bool strict, bool dry_run);

  private:
    void fold();

    std::string customer_;
    sql::Connection connection_;
    Progress progress_;
    std::int64_t bad_ = 0;
};

}  // namespace admin
