#pragma once

#include <string>
#include <vector>

#include "http/counters.hpp"
#include "http/log.hpp"

/// What `GET /queue-statistics/metrics` tells Prometheus: the sums over all processes of the socket. No label is text
/// of a client, and none names a customer, a queue or a person.
namespace http {

/// The media type of Prometheus' text format 0.0.4.
inline constexpr char kMetricsType[] = "text/plain; version=0.0.4; charset=utf-8";

/// The name of each counter, as Prometheus writes it, with its labels: the same counter has the same name in every
/// version. Times are counted in microseconds, which their names do not say.
const std::vector<std::string>& counter_names();

/// Counts a process that has started.
void count_start(Counters& counters);

/// Counts a request that was answered.
void count(const LogEntry& entry, Counters& counters);

/// The metrics in Prometheus' text format. version: of this program.
std::string metrics_text(const Counters& counters, const std::string& version);

}  // namespace http
