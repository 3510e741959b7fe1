#include "admin/console/refusal.hpp"

#include <string_view>

#include "sql/connection.hpp"

namespace admin {

std::string explain(const sql::Failure& failure) {
    const std::string_view state = failure.sqlstate();
    const std::string& message = failure.message();
    const auto with = [&](std::string_view remedy) { return message + "\n" + std::string{remedy}; };
    if (failure.lost())
        return with(
            "See that the database runs, and what PGHOST, PGPORT, PGDATABASE and PGUSER (or PGSERVICE, or "
            "QUEUE_STATISTICS_DATABASE) say.");
    if (state == "3F000" || state == "42P01" || state == "42883")
        return "the database is not migrated (" + message + ")\nRun: queue-statistics migrate";
    if (state == "42501")
        return with(
            "Run this as the role that owns the schema queue_statistics (PGUSER), which is the one that ran "
            "`queue-statistics migrate`.");
    if (state == "25006")
        return with("This is a standby, or the role may only read: name the primary, or another role.");
    if (state == "55P03" || state == "57014" || state == "40P01" || state == "40001")
        return with("Something else uses the same rows: try again.");
    if (state.starts_with("53") || state.starts_with("57P")) return with("Try again when the server has recovered.");
    return message + " (SQLSTATE " + failure.sqlstate() + ")";
}

}  // namespace admin
