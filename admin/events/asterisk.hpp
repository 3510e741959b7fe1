#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// queue-statistics import asterisk
namespace admin {

struct AsteriskImport {
    std::int64_t customer = 0;
    std::string source = "asterisk";  ///< which phone system wrote the files
    std::vector<std::string> files;   ///< plain or gzip, in any order; `-`: standard input
    bool strict = false;              ///< nothing is imported if any line is bad
    bool dry_run = false;             ///< changes nothing
};

/// Imports the offers in queue_log files; the exit code is 1 when lines were bad or a file was missing. The database
/// folds the events (migration 3), a thousand at a time, each in a transaction of its own, so that a live phone system
/// never waits long; a run that is stopped leaves whole events behind, and the next one adds the rest. Missing queues
/// are made for the customer.
int import_asterisk(const AsteriskImport& options);

}  // namespace admin
