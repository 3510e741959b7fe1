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

/// The options of an import of events, whatever the phone system (PBX).
struct EventFiles {
    std::int64_t customer = 0;
    std::string source;              ///< the name of the phone system that wrote the files
    sql::Parameter since;            ///< events before this moment are left out; for PostgreSQL
    sql::Parameter until;            ///< events from this moment on are left out
    bool strict = false;             ///< nothing is imported when anything is bad
    bool dry_run = false;            ///< nothing is changed
    std::vector<std::string> files;  ///< paths; `-` is standard input
};

/// Adds an option for a moment to a command: Unix seconds, or ISO 8601 with an offset. The value is what the database
/// reads as a timestamp; nullopt while the option is not given.
void take_time(Arguments& takes, const char* name, sql::Parameter& time, const char* help);

/// Adds these options to a command. a_bad: the word for what --strict refuses when it is bad, "line" or "record".
void take_event_files(Arguments& takes, EventFiles& files, const std::string& a_bad);

/// Imports events from files, whatever the phone system (PBX). The lines are loaded into temporary tables of the
/// session. The database reads them there by its own rules (sql/migrations) and folds the events into calls.
class EventImport {
  public:
    /// Connects and makes the temporary tables. Throws console::Refusal when the customer is absent or deleted.
    explicit EventImport(std::int64_t customer);

    sql::Connection& connection() { return connection_; }
    console::Progress& progress() { return progress_; }
    std::int64_t bad() const { return bad_; }

    /// Counts a bad line, and names it on standard error.
    void report(const std::string& file, std::int64_t line, std::string_view problem);

    /// Runs `statement`, which fills imported_events from imported_lines, reports the lines that it cannot read, and
    /// leaves out events that are not between since and until.
    void read(const sql::Statement& statement, const EventFiles& options);

    /// Calls load(path, index) for each file. A file that cannot be read is named on standard error and left out.
    /// Returns whether there was such a file.
    bool load_each(const std::vector<std::string>& paths, const std::function<void(const std::string&, int)>& load);

    /// Makes missing queues, folds all events that were read, and rolls up; a dry run does none of these. Prints what
    /// was done. missing: what load_each() returned. Returns the exit code. Throws console::Refusal when something is
    /// bad or missing and --strict was given.
    int finish(bool missing, const EventFiles& options);

  private:
    void fold(const std::string& source);

    std::string customer_;
    sql::Connection connection_;
    console::Progress progress_;
    std::int64_t bad_ = 0;
    std::int64_t outside_ = 0;  // events that are not between since and until
};

}  // namespace admin::events
