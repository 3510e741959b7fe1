#include "http/metrics.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>

#include "core/function.hpp"
#include "core/refusal.hpp"

namespace http {
namespace {

using std::chrono::microseconds;

constexpr std::array<std::string_view, 5> kResults{"verified", "remembered", "token", "refused", "throttled"};

/// The upper bound of a bucket, included: around what answers take (milliseconds), up to the deadlines (10 s).
struct Bound {
    microseconds most;
    std::string_view seconds;  ///< the same, as the label `le` says it
};
constexpr std::array kBounds{
    Bound{microseconds{1'000}, "0.001"},   Bound{microseconds{2'500}, "0.0025"},  Bound{microseconds{5'000}, "0.005"},
    Bound{microseconds{10'000}, "0.01"},   Bound{microseconds{25'000}, "0.025"},  Bound{microseconds{50'000}, "0.05"},
    Bound{microseconds{100'000}, "0.1"},   Bound{microseconds{250'000}, "0.25"},  Bound{microseconds{500'000}, "0.5"},
    Bound{microseconds{1'000'000}, "1"},   Bound{microseconds{2'500'000}, "2.5"}, Bound{microseconds{5'000'000}, "5"},
    Bound{microseconds{10'000'000}, "10"},
};
constexpr std::size_t kBuckets = kBounds.size() + 1;  // and one for what takes longer

constexpr std::string_view kRequests = "queue_statistics_requests_total";
constexpr std::string_view kRequestTime = "queue_statistics_request_duration_seconds";
constexpr std::string_view kDatabaseTime = "queue_statistics_database_duration_seconds";
constexpr std::string_view kLogins = "queue_statistics_logins_total";
constexpr std::string_view kOverload = "queue_statistics_overload_total";
constexpr std::string_view kStarts = "queue_statistics_process_starts_total";

/// What the log calls `-`.
constexpr std::string_view kNoFunction = "none";

/// The counters of a histogram: one per bucket, not added up as Prometheus has them, and then the sum of the times.
struct Histogram {
    std::string name;
    std::string labels;  ///< such as `function="health"`, or empty
    std::size_t first = 0;
};

/// The places of all counters.
class Layout {
  public:
    Layout() {
        std::vector<std::string_view> functions;
        for (const core::Function& function : core::all_functions()) functions.push_back(function.path);
        functions.insert(functions.end(), {"health", "metrics", kNoFunction});
        for (const std::string_view function : functions) {
            const std::string label = "function=\"" + std::string{function} + '"';
            Function& added = functions_[function == kNoFunction ? "-" : function];
            added.requests = names_.size();
            for (const core::Code code : core::kAllCodes)
                add(kRequests, label + ",code=\"" + std::to_string(core::status_of(code)) + '"');
            added.time = add_histogram(kRequestTime, label);
        }
        database_time = add_histogram(kDatabaseTime, "");
        logins = names_.size();
        for (const std::string_view result : kResults) add(kLogins, "result=\"" + std::string{result} + '"');
        overload = add(kOverload, "");
        starts = add(kStarts, "");
    }

    struct Function {
        std::size_t requests = 0;  ///< the first of its counters, one per code
        Histogram time;
    };

    const std::vector<std::string>& names() const { return names_; }
    const std::map<std::string_view, Function>& functions() const { return functions_; }

    Histogram database_time;
    std::size_t logins = 0;  ///< the first, one per result
    std::size_t overload = 0;
    std::size_t starts = 0;

  private:
    std::size_t add(std::string_view name, const std::string& labels) {
        names_.push_back(std::string{name} + (labels.empty() ? "" : '{' + labels + '}'));
        return names_.size() - 1;
    }

    Histogram add_histogram(std::string_view name, const std::string& labels) {
        Histogram histogram{std::string{name}, labels, names_.size()};
        const std::string before = labels.empty() ? "" : labels + ',';
        for (const Bound& bound : kBounds)
            add(histogram.name + "_bucket", before + "le=\"" + std::string{bound.seconds} + '"');
        add(histogram.name + "_bucket", before + "le=\"+Inf\"");
        add(histogram.name + "_sum", labels);
        return histogram;
    }

    std::vector<std::string> names_;
    std::map<std::string_view, Function> functions_;  ///< by the log's word
};

const Layout& layout() {
    static const Layout layout;
    return layout;
}

void observe(Counters& counters, const Histogram& histogram, microseconds time) {
    const auto bucket = std::ranges::lower_bound(kBounds, time, {}, &Bound::most) - kBounds.begin();
    counters.add(histogram.first + static_cast<std::size_t>(bucket), 1);
    counters.add(histogram.first + kBuckets, static_cast<std::uint64_t>(std::max(time, microseconds{0}).count()));
}

/// The login's result; empty when there was none, as when the parameters could not be read.
std::string_view login_result(const core::Trace& trace) {
    if (trace.login_failure.empty()) return trace.login;
    return trace.login_failure == "throttled" ? trace.login_failure : "refused";
}

/// Writes samples in Prometheus' text format.
class Writer {
  public:
    explicit Writer(const Counters& counters) : counters_{counters} {}

    void head(std::string_view name, std::string_view type, std::string_view help) {
        text_.append("# HELP ").append(name) += ' ';
        text_.append(help).append("\n# TYPE ").append(name) += ' ';
        text_.append(type) += '\n';
    }

    void sample(std::string_view name, std::string_view value) {
        text_.append(name) += ' ';
        text_.append(value) += '\n';
    }

    void counter(std::size_t number) { sample(layout().names()[number], std::to_string(counters_.sum(number))); }

    void histogram(const Histogram& histogram) {
        std::uint64_t count = 0;
        for (std::size_t bucket = histogram.first; bucket < histogram.first + kBuckets; ++bucket) {
            count += counters_.sum(bucket);
            sample(layout().names()[bucket], std::to_string(count));
        }
        const std::size_t sum = histogram.first + kBuckets;
        const std::uint64_t time = counters_.sum(sum);
        const std::string fraction = std::to_string(1'000'000 + time % 1'000'000).substr(1);
        sample(layout().names()[sum], std::to_string(time / 1'000'000) + '.' + fraction);
        sample(histogram.name + "_count" + (histogram.labels.empty() ? "" : '{' + histogram.labels + '}'),
               std::to_string(count));
    }

    std::string text() && { return std::move(text_); }

  private:
    const Counters& counters_;
    std::string text_;
};

}  // namespace

const std::vector<std::string>& counter_names() { return layout().names(); }

void count_start(Counters& counters) { counters.add(layout().starts, 1); }

void count(const LogEntry& entry, Counters& counters) {
    const auto function = layout().functions().find(entry.function);
    const auto code = std::ranges::find(core::kAllCodes, entry.status, core::status_of);
    assert(code != core::kAllCodes.end());
    if (function != layout().functions().end()) {
        counters.add(function->second.requests + static_cast<std::size_t>(code - core::kAllCodes.begin()), 1);
        observe(counters, function->second.time, entry.time);
    }
    if (entry.trace.database_time.count() > 0) observe(counters, layout().database_time, entry.trace.database_time);
    const auto result = std::ranges::find(kResults, login_result(entry.trace));
    if (result != kResults.end())
        counters.add(layout().logins + static_cast<std::size_t>(result - kResults.begin()), 1);
    if (!entry.trace.overload.empty()) counters.add(layout().overload, 1);
}

std::string metrics_text(const Counters& counters, const std::string& version) {
    Writer writer{counters};
    writer.head(kRequests, "counter", "Requests that were answered.");
    for (const auto& [word, function] : layout().functions())
        for (std::size_t code = 0; code < core::kAllCodes.size(); ++code) writer.counter(function.requests + code);
    writer.head(kRequestTime, "histogram", "From having read the request to having the answer.");
    for (const auto& [word, function] : layout().functions()) writer.histogram(function.time);
    writer.head(kDatabaseTime, "histogram", "How much of it the database took, of requests that asked it.");
    writer.histogram(layout().database_time);
    writer.head(kLogins, "counter", "Logins by what became of them.");
    for (std::size_t result = 0; result < kResults.size(); ++result) writer.counter(layout().logins + result);
    writer.head(kOverload, "counter", "Requests that were answered 503 because too many came.");
    writer.counter(layout().overload);
    writer.head(kStarts, "counter", "Processes that were started.");
    writer.counter(layout().starts);
    writer.head("queue_statistics_processes", "gauge", "Processes that run, by what they do.");
    const Processes processes = counters.processes();
    writer.sample("queue_statistics_processes{state=\"idle\"}", std::to_string(processes.idle));
    writer.sample("queue_statistics_processes{state=\"busy\"}", std::to_string(processes.busy));
    writer.head("queue_statistics_build_info", "gauge", "1, with the version of the process that answered.");
    writer.sample("queue_statistics_build_info{version=\"" + version + "\"}", "1");
    return std::move(writer).text();
}

}  // namespace http
