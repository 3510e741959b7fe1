#include "sql/store.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "core/access/hmac.hpp"
#include "core/packed_rows.hpp"
#include "sql/queries.hpp"
#include "sql/sqlstate.hpp"

namespace sql {

namespace {

using Kind = core::StoreFailure::Kind;
using std::chrono::milliseconds;

constexpr milliseconds kFirstBackOff{100};
constexpr milliseconds kLongestBackOff{2000};

/// Ends the session of a responder that has gone without the server noticing. A responder that was only idle connects
/// again. Not one of session_settings(), because on the role it would end a pooler's connections.
constexpr const char* kIdleSessionTimeout = "set idle_session_timeout = '15min'";

/// Whether the same statement may succeed when it is sent again at once: its session has ended (lost, terminated, idle
/// for too long, server shut down, prepared statements invalid), or another transaction was in the way.
bool worth_a_retry(const Failure& failure, bool session_ended) {
    if (failure.lost()) return failure.kind() == Kind::kUnavailable;  // not a passed deadline
    return session_ended || find_sqlstate(failure.sqlstate()).retry != Retry::kNo;
}

ConnectionOptions connection_options(const StoreOptions& options) {
    ConnectionOptions result;
    result.conninfo = options.conninfo;
    result.application_name = "queue-statistics-fcgi";
    result.prepare = options.prepare;
    result.binary = true;
    // A pooler in transaction mode would leave our settings to other clients: behind a pooler the role has them.
    if (options.prepare) {
        for (const auto& [name, value] : session_settings(options.statement_timeout, options.lock_timeout))
            result.after_connect.push_back("set " + name + " = " + value);
        result.after_connect.emplace_back(kIdleSessionTimeout);
    }
    return result;
}

/// Throws when this program does not work with the database's schema. rows: the first columns are version and
/// works_with.
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

Query credentials_query(const core::Request& request, const std::string& username) {
    return {queries::credentials, {username, request.client_address}};
}

/// The file of sql/queries that the question names.
const Statement& statement_of(const core::Question& question) {
    const auto found =
        std::ranges::find(queries::all, question.query, [](const Statement* each) { return each->name; });
    if (found == queries::all.end())
        throw core::StoreFailure{Kind::kBroken, std::string{question.query} + ": there is no query of that name"};
    return **found;
}

Query query_of(std::int64_t person, const core::Question& question) {
    std::vector<Parameter> parameters{std::to_string(person)};
    parameters.insert(parameters.end(), question.arguments.begin(), question.arguments.end());
    return {statement_of(question), std::move(parameters)};
}

/// statement: credentials, or token.
std::optional<core::Credentials> credentials_in(const Rows& rows, const Statement& statement) {
    check_schema(rows, statement.name);
    if (rows.size() != 1)
        throw core::StoreFailure{Kind::kBroken, std::string{statement.name} + ": more than one person of that name"};
    const int person = rows.column("person");
    if (rows.is_null(0, person)) return std::nullopt;
    core::Credentials credentials;
    credentials.person = rows.integer(0, person);
    credentials.password_hash = rows.text(0, rows.column("password"));
    credentials.source_allowed = rows.boolean(0, rows.column("source_allowed"));
    credentials.active = rows.boolean(0, rows.column("active"));
    credentials.login = rows.boolean(0, rows.column("login"));
    credentials.user_access = static_cast<int>(rows.integer(0, rows.column("user_access")));
    credentials.token_epoch = rows.optional_integer(0, rows.column("token_epoch")).value_or(0);
    return credentials;
}

core::RowsPointer pointer_to(Rows rows) { return core::unpacked(std::make_unique<const Rows>(std::move(rows))); }

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

    std::vector<Rows> run(core::Request& request, const std::vector<Query>& queries) {
        struct Waited {
            core::Trace& trace;
            const Clock::time_point started = Clock::now();
            ~Waited() {
                trace.database_time += std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started);
            }
        } const waited{request.trace};
        connection_.set_client_socket(request.client_socket);
        std::vector<Rows> answers = run_with_retry(queries, request.deadline);
        for (const Rows& rows : answers) request.trace.rows += rows.size();
        return answers;
    }

    Rows run(core::Request& request, const Query& query) {
        return std::move(run(request, std::vector<Query>{query}).front());
    }

  private:
    std::vector<Rows> run_with_retry(const std::vector<Query>& queries, Deadline deadline) {
        connect(deadline);
        try {
            return connection_.pipeline(queries, deadline);
        } catch (const Failure& failure) {
            if (!worth_a_retry(failure, !connection_.is_open()) || Clock::now() >= deadline) throw;
        }
        connect(deadline);
        return connection_.pipeline(queries, deadline);
    }

    /// Connects unless connected. Throws at once while the back-off of a failed attempt lasts.
    void connect(Deadline deadline) {
        if (connection_.is_open()) return;
        const auto now = Clock::now();
        if (now < next_attempt_) {
            const auto left = std::chrono::ceil<milliseconds>(next_attempt_ - now).count();
            throw core::StoreFailure{Kind::kUnavailable,
                                     "connect: not connected, next attempt in " + std::to_string(left) + " ms"};
        }
        try {
            connection_.open(deadline);
            back_off_ = milliseconds::zero();
        } catch (const Failure&) {
            back_off_ = std::clamp(back_off_ * 2, kFirstBackOff, kLongestBackOff);
            // Jitter, so that processes which lost the same server do not all connect at the same time.
            std::uniform_int_distribution<milliseconds::rep> wait{back_off_.count() / 2, back_off_.count()};
            next_attempt_ = Clock::now() + milliseconds{wait(random_)};
            throw;
        }
    }

    Connection connection_;
    milliseconds back_off_{0};
    Clock::time_point next_attempt_{};
    std::minstd_rand random_{std::random_device{}()};
};

Store::Store(const StoreOptions& options) : impl_{std::make_unique<Impl>(options)} {}
Store::~Store() = default;

std::optional<core::Credentials> Store::credentials(core::Request& request, const std::string& username) {
    return credentials_in(impl_->run(request, credentials_query(request, username)), queries::credentials);
}

core::TokenState Store::token(core::Request& request, std::string_view token, const core::access::TokenClaims& claims) {
    const Parameter id = claims.id ? Parameter{std::to_string(*claims.id)} : std::nullopt;
    // The token itself stays out of the server's log, which may show parameters.
    const Rows rows =
        impl_->run(request, {queries::token,
                             {std::to_string(claims.person), std::to_string(claims.ends), claims.fingerprint, id,
                              core::access::sha256_digits(token), request.client_address}});
    core::TokenState state;
    state.credentials = credentials_in(rows, queries::token);
    state.is_signed = rows.boolean(0, rows.column("signed"));
    state.username = rows.text(0, rows.column("username"));
    state.ends = rows.optional_integer(0, rows.column("ends")).value_or(0);
    return state;
}

core::RowsPointer Store::ask(core::Request& request, std::int64_t person, const core::Question& question) {
    return pointer_to(impl_->run(request, query_of(person, question)));
}

core::CredentialsAndRows Store::credentials_and_ask(core::Request& request, const std::string& username,
                                                    std::int64_t person, const core::Question& question) {
    std::vector<Rows> answers = impl_->run(request, {credentials_query(request, username), query_of(person, question)});
    return {credentials_in(answers[0], queries::credentials), pointer_to(std::move(answers[1]))};
}

void Store::probe(core::Request& request) {
    check_schema(impl_->run(request, {queries::probe, {}}), queries::probe.name);
}

}  // namespace sql
