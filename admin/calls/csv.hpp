#pragma once

#include <cstdint>
#include <string>

/// queue-statistics import csv
namespace admin {

struct CsvImport {
    std::int64_t customer = 0;
    std::string file;      ///< `-`: standard input
    bool strict = false;   ///< nothing is imported if any line is bad
    bool dry_run = false;  ///< changes nothing
};

/// Imports offers; the exit code is 1 when lines were bad. All in one transaction, so that a run that is stopped leaves
/// nothing behind.
///
/// An offer is known by (queue, dtype, dnumber, uniqueid, start, ordinal among equals in the file): one that is in the
/// database already gets the file's times and outcome, when they differ. Missing queues and destinations are made;
/// a removed destination stays removed.
int import_csv(const CsvImport& options);

}  // namespace admin
