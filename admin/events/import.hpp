#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "admin/command.hpp"
#include "admin/console/progress.hpp"
#include "sql/connection.hpp"

namespace admin::events {

/// What importing events of any phone system takes.
struct EventFiles {
    std::int64_t customer = 0;
    std::string source;              ///< which phone system wrote them
    bool strict = false;             ///< nothing is imported if anything is bad
    bool dry_run = false;            ///< changes nothing
    std::vector<std::string> files;  ///< `-`: standard input
};

/// Says so on the command line. a_bad: "line" or "record", of which --strict wants none that is bad.
void take_event_files(Arguments& takes, EventFiles& files, const std::string& a_bad);

/// Events from files into calls, for every phone system: lines are loaded into temporary tables of the session, read
/// there by the database's own rules (migration 3), and folded.
class EventImport {
  public:
    /// Connects and makes the tables. Throws console::Refusal when the customer is absent or deleted.
    explicit EventImport(std::int64_t customer);

    sql::Connection& connection() { return connection_; }
    console::Progress& progress() { return progress_; }
    std::int64_t bad() const { return bad_; }

    /// Names a line that is left out, on standard error.
    void report(const std::string& file, std::int64_t line, std::string_view problem);

    /// Reads what was loaded by a statement that fills imported_events from imported_lines; reports what it could not.
    /// names: those of the files; an imported line has its file's index there.
    void read(const sql::Statement& statement, const std::string& source, const std::vector<std::string>& names);

    /// Calls load(path, number) for each file; one that cannot be read is named. Returns whether there was one.
    bool load_each(const std::vector<std::string>& paths, const std::function<void(const std::string&, int)>& load);

    /// Makes missing queues and folds all events that were read, rolls up, unless it is a dry run, and prints what was
    /// done. missing: as load_each() returned. Returns the exit code. Throws console::Refusal when --strict forbids to
    /// go on.
    int finish(bool missing, const EventFiles& options);

  private:
    void fold();

    std::string customer_;
    sql::Connection connection_;
    console::Progress progress_;
    std::int64_t bad_ = 0;
};

}  // namespace admin::events
