#include "admin/upkeep/metrics.hpp"

#include <string_view>

#include "admin/upkeep/queries.hpp"

namespace admin::upkeep {
namespace {

constexpr std::string_view kPrefix = "queue_statistics_";

struct Metric {
    std::string_view name;  ///< without kPrefix
    std::string_view label;
    std::string_view help;
};

/// In the order of the output.
constexpr Metric kMetrics[]{
    {"schema_version", "", "The number of the newest migration."},
    {"problems", "", "Things that queue-statistics status says are wrong."},
    {"rolled_up_timestamp_seconds", "", "The time up to which calls are summed."},
    {"roll_up_backlog", "", "Minutes of queues whose calls changed since they were summed."},
    {"newest_call_timestamp_seconds", "", "The start of the newest offer."},
    {"newest_caller_timestamp_seconds", "", "The entry of the newest caller."},
    {"newest_event_timestamp_seconds", "source", "When a phone system last inserted a row, or a time since then."},
    {"waiting_names", "", "Names of queues, by phone system, that events wait for."},
    {"size_bytes", "part", "How much room the tables take, with their indexes."},
};

/// text as the value of a label.
std::string in_quotes(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        if (c == '\n')
            quoted += "\\n";
        else
            quoted += c;
    }
    return quoted + '"';
}

void append_sample(std::string& out, const Metric& metric, std::string_view label, std::string_view value) {
    out.append(kPrefix).append(metric.name);
    if (!metric.label.empty()) out.append("{").append(metric.label).append("=").append(in_quotes(label)) += '}';
    out.append(" ").append(value) += '\n';
}

}  // namespace

std::string metrics_text(sql::Connection& connection, std::size_t problems) {
    const sql::Rows samples = connection.query(queries::metrics, {}, sql::kNoDeadline);
    const sql::Rows sizes = connection.query(queries::table_sizes, {}, sql::kNoDeadline);
    std::string out;
    for (const Metric& metric : kMetrics) {
        std::string lines;
        if (metric.name == "problems") append_sample(lines, metric, "", std::to_string(problems));
        for (int i = 0; i < samples.size(); ++i)
            if (samples.text(i, 0) == metric.name) append_sample(lines, metric, samples.text(i, 1), samples.text(i, 2));
        if (metric.name == "size_bytes")
            for (int i = 0; i + 1 < sizes.size(); ++i)  // the last row is all of them
                append_sample(lines, metric, sizes.text(i, 0), sizes.text(i, 2));
        if (lines.empty()) continue;
        out.append("# HELP ").append(kPrefix).append(metric.name).append(" ").append(metric.help).append("\n# TYPE ");
        out.append(kPrefix).append(metric.name).append(" gauge\n").append(lines);
    }
    return out;
}

}  // namespace admin::upkeep
