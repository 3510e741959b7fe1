#include "sql/store.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "sql/queries.hpp"
#include "sql/sqlstate.hpp"

namespace sql {

namespace {

using Kind = core::StoreFailure::Kind;
using std::chrono::milliseconds;

constexpr milliseconds kFirstBackOff{100};
constexpr milliseconds kLongestBackOff{2000};

/// Ends sessions whose responder is gone without the server having noticed; a responder that merely idled reconnects.
/// Not among session_settings: it would end a pooler's connections.
constexpr const char* kIdleSessionTimeout = "set idle_session_timeout = '15min'";

/// Whether the same statement may well succeed at once: its session has ended (lost, terminated, idle for too long, a
/// server going down, prepared statements no longer valid), or another transaction was in the way.
bool worth_a_retry(const Failure& failure, bool session_ended) {
    if (failure.lost()) return failure.kind() == Kind::kUnavailable;  // not a passed deadline
    return session_ended || find_sqlstate(failure.sqlstate()).retry != Retry::kNo;
}

ConnectionOptions connection_options(const StoreOptions& options) {
    ConnectionOptions result;
    result.conninfo = options.conninfo;
    result.application_name = "queue-statistics-fcgi";
    result.prepare = options.prepare;
    // A pooler in transaction mode would hand our settings on to others: there they belong to the role.
    if (options.prepare) {
        for (const auto& [name, value] : session_settings(options.statement_timeout, options.lock_timeout))
            result.after_connect.push_back("set " + name + " = " + value);
        result.after_connect.emplace_back(kIdleSessionTimeout);
    }
    return result;
}

/// Throws when this program does not serve the schema of the row, which begins with version and works_with.
void check_schema(const Rows& rows, const char* statement) {
    const auto version = rows.optional_integer(0, 0).value_or(0);
    const auto works_with = rows.optional_integer(0, 1).value_or(0);
    const std::string found = std::string{statement} + ": the database has schema " + std::to_string(version);
    if (version < kOldestSchema) {
        throw core::StoreFailure{Kind::kUnavailable, found + ", older than this program's " +
                                                         std::to_string(kOldestSchema) +
                                                         "; remedy: queue-statistics migrate"};
    }
    if (works_with > kNewestSchema) {
        throw core::StoreFailure{
            Kind::kUnavailable,
            found + ", too new for this program's " + std::to_string(kNewestSchema) + "; remedy: upgrade this program"};
    }
}

/// Reads columns one after the other.
class Row {
  public:
    Row(const Rows& rows, int row, int first_column) : rows_{rows}, row_{row}, column_{first_column} {}

    std::int64_t integer() { return rows_.integer(row_, column_++); }
    std::optional<std::int64_t> optional_integer() { return rows_.optional_integer(row_, column_++); }
    std::string text() { return std::string{rows_.text(row_, column_++)}; }
    bool boolean() { return rows_.boolean(row_, column_++); }

    core::Duration duration() {
        core::Duration duration;
        duration.known = integer();
        duration.sum = integer();
        duration.min = optional_integer();
        duration.max = optional_integer();
        return duration;
    }

    core::CallStatistics statistics() {
        core::CallStatistics statistics;
        statistics.answered = integer();
        statistics.in_progress = integer();
        statistics.no_answer = integer();
        statistics.busy = integer();
        statistics.cancelled = integer();
        statistics.answered_elsewhere = integer();
        statistics.failed = integer();
        statistics.talktime = duration();
        statistics.ringtime = duration();
        statistics.holdtime = duration();
        statistics.first_call = optional_integer();
        statistics.last_call = optional_integer();
        return statistics;
    }

  private:
    const Rows& rows_;
    int row_;
    int column_;
};

Query credentials_query(const std::string& username, const std::optional<std::string>& client_address) {
    return {queries::credentials, {username, client_address}};
}

/// id: the queue's or the destination's, as the statement has it.
Query statistics_query(const Statement& statement, std::int64_t person, std::int64_t id, core::Period period) {
    return {statement,
            {std::to_string(person), std::to_string(id), std::to_string(period.start), std::to_string(period.end)}};
}

std::optional<core::Credentials> credentials_in(const Rows& rows) {
    check_schema(rows, queries::credentials.name);
    if (rows.size() != 1) throw core::StoreFailure{Kind::kBroken, "credentials: more than one person of that name"};
    if (rows.is_null(0, 2)) return std::nullopt;
    Row row{rows, 0, 2};
    core::Credentials credentials;
    credentials.person = row.integer();
    credentials.password_hash = row.text();
    credentials.source_allowed = row.boolean();
    credentials.active = row.boolean();
    credentials.login = row.boolean();
    credentials.user_access = static_cast<int>(row.integer());
    return credentials;
}

std::optional<std::vector<core::DestinationStatistics>> queue_statistics_in(const Rows& rows) {
    if (rows.size() == 0) return std::nullopt;
    std::vector<core::DestinationStatistics> destinations;
    if (rows.is_null(0, 0)) return destinations;
    destinations.reserve(static_cast<std::size_t>(rows.size()));
    for (int i = 0; i < rows.size(); ++i) {
        Row row{rows, i, 0};
        core::DestinationStatistics& destination = destinations.emplace_back();
        destination.destination = row.integer();
        destination.dtype = row.text();
        destination.dnumber = row.text();
        destination.statistics = row.statistics();
    }
    return destinations;
}

std::optional<core::CallStatistics> destination_statistics_in(const Rows& rows) {
    if (rows.size() == 0) return std::nullopt;
    return Row{rows, 0, 0}.statistics();
}

}  // namespace

std::vector<std::pair<std::string, std::string>> session_settings(milliseconds statement_timeout,
                                                                  milliseconds lock_timeout) {
    return {
        {"statement_timeout", std::to_string(statement_timeout.count())},
        {"lock_timeout", std::to_string(lock_timeout.count())},
        {"client_connection_check_interval", "500"},
        {"default_transaction_read_only", "on"},
        {"search_path", "pg_catalog"},
        {"jit", "off"},
        {"plan_cache_mode", "force_generic_plan"},
    };
}

class Store::Impl {
  public:
    explicit Impl(const StoreOptions& options) : connection_{connection_options(options)} {}

    void set_deadline(Deadline deadline) {
        deadline_ = deadline;
        waited_ = Clock::duration::zero();
        rows_ = 0;
    }

    void set_caller(int caller) noexcept { connection_.set_caller(caller); }

    Clock::duration waited() const { return waited_; }
    std::int64_t row_count() const { return rows_; }

    std::vector<Rows> run(const std::vector<Query>& queries) {
        const auto started = Clock::now();
        struct Waited {
            Clock::time_point started;
            Clock::duration& total;
            ~Waited() { total += Clock::now() - started; }
        } const waited{started, waited_};
        std::vector<Rows> answers = run_with_retry(queries);
        for (const Rows& rows : answers) rows_ += rows.size();
        return answers;
    }

    Rows run(const Query& query) { return std::move(run(std::vector<Query>{query}).front()); }

  private:
    std::vector<Rows> run_with_retry(const std::vector<Query>& queries) {
        connect();
        try {
            return connection_.pipeline(queries, deadline_);
        } catch (const Failure& failure) {
            if (!worth_a_retry(failure, !connection_.is_open()) || Clock::now() >= deadline_) throw;
        }
        connect();
        return connection_.pipeline(queries, deadline_);
    }

    /// Connects unless connected; fails at once while a failed attempt is too recent.
    void connect() {
        if (connection_.is_open()) return;
        const auto now = Clock::now();
        if (now < next_attempt_) {
            const auto left = std::chrono::ceil<milliseconds>(next_attempt_ - now).count();
            throw core::StoreFailure{Kind::kUnavailable,
                                     "connect: not connected, next attempt in " + std::to_string(left) + " ms"};
        }
        try {
            connection_.open(deadline_);
            back_off_ = milliseconds::zero();
        } catch (const Failure&) {
            back_off_ = std::clamp(back_off_ * 2, kFirstBackOff, kLongestBackOff);
            // Jitter, so that the processes which lost the same server do not come back all at once.
            std::uniform_int_distribution<milliseconds::rep> wait{back_off_.count() / 2, back_off_.count()};
            next_attempt_ = Clock::now() + milliseconds{wait(random_)};
            throw;
        }
    }

    Connection connection_;
    Deadline deadline_ = kNoDeadline;
    Clock::duration waited_{};
    std::int64_t rows_ = 0;
    milliseconds back_off_{0};
    Clock::time_point next_attempt_{};
    std::minstd_rand random_{std::random_device{}()};
};

Store::Store(const StoreOptions& options) : impl_{std::make_unique<Impl>(options)} {}
Store::~Store() = default;

void Store::set_deadline(Deadline deadline) { impl_->set_deadline(deadline); }

void Store::set_caller(int caller) noexcept { impl_->set_caller(caller); }

std::chrono::microseconds Store::database_time() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(impl_->waited());
}

std::int64_t Store::rows() const { return impl_->row_count(); }

std::optional<core::Credentials> Store::credentials(const std::string& username,
                                                    const std::optional<std::string>& client_address) {
    return credentials_in(impl_->run(credentials_query(username, client_address)));
}

std::optional<std::vector<core::DestinationStatistics>> Store::queue_statistics(std::int64_t person, std::int64_t queue,
                                                                                core::Period period) {
    return queue_statistics_in(impl_->run(statistics_query(queries::queue_statistics, person, queue, period)));
}

std::optional<core::CallStatistics> Store::destination_statistics(std::int64_t person, std::int64_t destination,
                                                                  core::Period period) {
    return destination_statistics_in(
        impl_->run(statistics_query(queries::destination_statistics, person, destination, period)));
}

core::CredentialsAndStatistics Store::credentials_and_statistics(const std::string& username,
                                                                 const std::optional<std::string>& client_address,
                                                                 std::int64_t person,
                                                                 const core::StatisticsRequest& request) {
    const bool is_queue = request.form == core::StatisticsRequest::Form::kQueue;
    const Statement& statement = is_queue ? queries::queue_statistics : queries::destination_statistics;
    const std::vector<Rows> answers = impl_->run(
        {credentials_query(username, client_address), statistics_query(statement, person, request.id, request.period)});
    core::CredentialsAndStatistics found{credentials_in(answers[0]), {}};
    if (is_queue)
        found.statistics = queue_statistics_in(answers[1]);
    else
        found.statistics = destination_statistics_in(answers[1]);
    return found;
}

void Store::probe() {
    impl_->set_caller(-1);  // its answer is kept for other callers too
    check_schema(impl_->run({queries::probe, {}}), queries::probe.name);
}

}  // namespace sql
