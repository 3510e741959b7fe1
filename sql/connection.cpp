#include "sql/connection.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <new>
#include <set>
#include <string>
#include <system_error>

#include "sql/sqlstate.hpp"

namespace sql {

namespace {

using Kind = core::StoreFailure::Kind;

// Numbers of types in pg_type, which never change.
constexpr Oid kBool = 16;
constexpr Oid kInt8 = 20;
constexpr Oid kInt2 = 21;
constexpr Oid kInt4 = 23;
constexpr Oid kTimestamptz = 1184;

constexpr std::int64_t kSecondsUntil2000 = 946'684'800;  // from 1970

/// The prefix of our prepared statements' names, so that they cannot clash with others in the session.
constexpr std::string_view kPreparedPrefix = "queue_statistics_";

/// Replaces defaults of libpq that are too patient: the kernel would take two hours to notice a vanished host. A
/// default is left out when the conninfo or the service file (PGSERVICE) sets its keyword.
constexpr std::array<std::array<const char*, 2>, 4> kNetworkDefaults{{
    {"tcp_user_timeout", "5000"},  // ms that sent data may stay unacknowledged, a first SYN included
    {"keepalives_idle", "5"},      // s of silence until the first probe
    {"keepalives_interval", "2"},  // s between probes
    {"keepalives_count", "3"},
}};

/// text as one line. libpq's messages have several lines, and end with a line end.
std::string flattened(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
    std::string line{text};
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return line;
}

/// A failure that the server reported. A message that quotes a value stays out of detail(), and so out of the log;
/// message() has it.
Failure refusal(const char* name, std::string code, std::string message, std::string hint) {
    const SqlState& known = find_sqlstate(code);
    std::string detail = std::string{name} + ": " + code;
    if (!quotes_value(code)) detail += ": " + message;
    if (!known.remedy.empty()) detail.append("; remedy: ").append(known.remedy);
    return {known.kind, std::move(code), std::move(message), std::move(detail), std::move(hint)};
}

Failure without_sqlstate(Kind kind, const char* name, const std::string& message) {
    return {kind, "", message, std::string{name} + ": " + message};
}

struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
};

struct FreeOptions {
    void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

}  // namespace

// ---------------------------------------------------------------------------------------------------------------- Rows

void Rows::Clear::operator()(pg_result* result) const { PQclear(result); }

Rows::Rows(Result result) : result_{std::move(result)} {
    const int count = PQnfields(result_.get());
    types_.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) types_.push_back(PQfformat(result_.get(), i) == 0 ? 0 : PQftype(result_.get(), i));
}

int Rows::size() const { return PQntuples(result_.get()); }

int Rows::columns() const { return PQnfields(result_.get()); }

std::string_view Rows::name(int column) const { return PQfname(result_.get(), column); }

bool Rows::is_null(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }

const char* Rows::value(int row, int column) const { return PQgetvalue(result_.get(), row, column); }

std::optional<std::int64_t> Rows::optional_integer(int row, int column) const {
    const unsigned type = types_[static_cast<std::size_t>(column)];
    if (type == 0) return core::Rows::optional_integer(row, column);
    if (is_null(row, column)) return std::nullopt;
    const int length = PQgetlength(result_.get(), row, column);
    // Big-endian two's complement.
    const auto* const bytes = reinterpret_cast<const unsigned char*>(PQgetvalue(result_.get(), row, column));
    std::uint64_t bits = bytes[0] < 0x80 ? 0 : ~std::uint64_t{0};
    for (int i = 0; i < length; ++i) bits = bits << 8 | bytes[i];
    const auto number = static_cast<std::int64_t>(bits);
    switch (type) {
        case kInt2:
        case kInt4:
        case kInt8:
            return number;
        case kTimestamptz:  // microseconds since 2000
            return number / 1'000'000 - (number % 1'000'000 < 0 ? 1 : 0) + kSecondsUntil2000;
        default:
            throw core::StoreFailure{Kind::kBroken, std::string{name(column)} + ": neither an integer nor a moment"};
    }
}

bool Rows::boolean(int row, int column) const {
    const unsigned type = types_[static_cast<std::size_t>(column)];
    if (type == 0) return core::Rows::boolean(row, column);
    if (type != kBool) throw core::StoreFailure{Kind::kBroken, std::string{name(column)} + ": not a boolean"};
    return *PQgetvalue(result_.get(), row, column) == 1;
}

std::int64_t Rows::affected() const {
    const std::string_view digits = PQcmdTuples(result_.get());
    std::int64_t count = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), count);
    return count;
}

bool is_conninfo(const std::string& text) {
    const Options options{PQconninfoParse(text.c_str(), nullptr)};
    return options != nullptr;
}

std::optional<std::string> conninfo_value(const std::string& text, std::string_view keyword) {
    const Options options{PQconninfoParse(text.c_str(), nullptr)};
    for (const PQconninfoOption* option = options.get(); option && option->keyword; ++option)
        if (option->keyword == keyword && option->val) return option->val;
    return std::nullopt;
}

// ---------------------------------------------------------------------------------------------------------- Connection

class Connection::Impl {
  public:
    explicit Impl(ConnectionOptions options) : options_{std::move(options)} {}

    void open(Deadline deadline) {
        close();
        start();
        PQsetNoticeReceiver(connection_.get(), receive_notice, this);
        finish_connecting(deadline);
        // Not earlier: until it is connected, libpq does its own writes.
        PQsetnonblocking(connection_.get(), 1);
        std::string settings;
        for (const auto& statement : options_.after_connect) settings += statement + ";\n";
        if (!settings.empty()) {
            try {
                script("after_connect", settings, deadline);
            } catch (const Failure& failure) {
                close();
                throw Failure{Kind::kUnavailable, failure.sqlstate(), failure.message(), failure.detail()};
            }
        }
    }

    void close() noexcept {
        prepared_.clear();
        connection_.reset();
    }

    bool is_open() const noexcept { return connection_ != nullptr; }

    PGconn* get() const { return connection_.get(); }

    void set_client_socket(int client_socket) noexcept { client_socket_ = client_socket; }

    std::vector<Rows> pipeline(const std::vector<Query>& queries, Deadline deadline) {
        if (client_has_left()) throw core::ClientLeft{queries.front().statement.name};
        if (!is_open()) open(deadline);
        sent(queries.front().statement.name, PQenterPipelineMode(get()));
        for (const Query& query : queries) send(query);
        sent(queries.back().statement.name, PQpipelineSync(get()));

        std::vector<Rows> answers;
        std::optional<Failure> failure;
        for (const Query& query : queries) {
            try {
                if (options_.prepare && !prepared_.contains(query.statement.name)) {
                    answer(query.statement.name, deadline);
                    prepared_.insert(query.statement.name);
                }
                answers.push_back(answer(query.statement.name, deadline));
            } catch (const Failure& first) {
                // The server skips the statements up to the end of the pipeline; end_pipeline() takes their answers.
                failure = first;
                break;
            }
        }
        end_pipeline(queries.back().statement.name, deadline);
        if (failure) throw *failure;
        return answers;
    }

    void script(const char* name, const std::string& text, Deadline deadline) {
        if (!is_open()) open(deadline);
        sent(name, PQsendQuery(get(), text.c_str()));
        answer(name, deadline);
    }

    void copy_begin(const std::string& statement, Deadline deadline) {
        if (!is_open()) open(deadline);
        sent(kCopy, PQsendQuery(get(), statement.c_str()));
        flush(kCopy, deadline);
        Rows::Result result = next_result(kCopy, deadline);
        if (PQresultStatus(result.get()) == PGRES_COPY_IN) return;
        if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR) {
            Failure failure = failure_of(kCopy, result.get());
            while (is_open() && next_result(kCopy, deadline)) {
            }
            throw failure;
        }
        close();
        throw without_sqlstate(Kind::kBroken, kCopy, "the statement is no COPY ... FROM STDIN");
    }

    void copy_put(std::string_view data, Deadline deadline) {
        // libpq counts bytes by int. Its buffer grows by each piece, so a piece is flushed before the next one.
        while (!data.empty()) {
            const std::string_view piece = data.substr(0, kCopyPiece);
            sent(kCopy, PQputCopyData(get(), piece.data(), static_cast<int>(piece.size())) == 1);
            flush(kCopy, deadline);
            data.remove_prefix(piece.size());
        }
    }

    std::int64_t copy_end(Deadline deadline) {
        sent(kCopy, PQputCopyEnd(get(), nullptr) == 1);
        return answer(kCopy, deadline).affected();
    }

    void on_notice(std::function<void(std::string_view)> receiver) { notice_ = std::move(receiver); }

  private:
    static constexpr const char* kConnect = "connect";
    static constexpr const char* kCopy = "copy";
    static constexpr std::size_t kCopyPiece = 1 << 20;

    static void receive_notice(void* self, const PGresult* notice) {
        const auto& receiver = static_cast<Impl*>(self)->notice_;
        const char* message = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
        if (receiver) receiver(flattened(message ? message : PQresultErrorMessage(notice)));
    }

    /// Sends a query and, at its first use, what prepares its statement.
    void send(const Query& query) {
        const auto& [name, text] = query.statement;
        std::vector<const char*> values;
        values.reserve(query.parameters.size());
        for (const auto& parameter : query.parameters) values.push_back(parameter ? parameter->c_str() : nullptr);
        const int count = static_cast<int>(values.size());
        if (!options_.prepare) {
            sent(name, PQsendQueryParams(get(), text, count, nullptr, values.data(), nullptr, nullptr,
                                         options_.binary ? 1 : 0));
            return;
        }
        const std::string prepared = std::string{kPreparedPrefix} + name;
        if (!prepared_.contains(name)) sent(name, PQsendPrepare(get(), prepared.c_str(), text, 0, nullptr));
        sent(name, PQsendQueryPrepared(get(), prepared.c_str(), count, values.data(), nullptr, nullptr,
                                       options_.binary ? 1 : 0));
    }

    /// Takes the remaining answers of a pipeline and ends pipeline mode, unless the connection is closed by now.
    void end_pipeline(const char* name, Deadline deadline) {
        bool synchronised = false;
        while (is_open() && !synchronised) {
            const Rows::Result result = next_result(name, deadline);
            synchronised = result && PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC;
        }
        if (is_open()) sent(name, PQexitPipelineMode(get()));
    }

    /// Begins to connect. libpq takes the later one of two equal keywords, and `dbname` stands for all keywords of the
    /// conninfo: our defaults come before `dbname`, and what must hold comes after it.
    void start() {
        const Options environment{PQconndefaults()};
        std::vector<const char*> keywords{"fallback_application_name"};
        std::vector<const char*> values{options_.application_name.c_str()};
        for (const auto& [keyword, value] : kNetworkDefaults) {
            const PQconninfoOption* option = environment.get();
            while (option && option->keyword && std::string_view{option->keyword} != keyword) ++option;
            if (option && option->keyword && option->val) continue;
            keywords.push_back(keyword);
            values.push_back(value);
        }
        if (!options_.conninfo.empty()) {
            keywords.push_back("dbname");
            values.push_back(options_.conninfo.c_str());
        }
        keywords.insert(keywords.end(), {"client_encoding", nullptr});
        values.insert(values.end(), {"UTF8", nullptr});
        connection_.reset(PQconnectStartParams(keywords.data(), values.data(), 1));
        if (!connection_) throw std::bad_alloc{};
    }

    void finish_connecting(Deadline deadline) {
        // libpq requires a wait for writing before the first PQconnectPoll.
        PostgresPollingStatusType status =
            PQstatus(get()) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
        while (status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING) {
            if (!wait(kConnect, status == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline)) {
                close();
                throw without_sqlstate(Kind::kUnavailable, kConnect, "no connection before the deadline");
            }
            status = PQconnectPoll(get());
        }
        if (status != PGRES_POLLING_OK) throw connection_lost(kConnect);
    }

    bool client_has_left() const {
        pollfd client{client_socket_, 0, 0};  // without events, poll still tells a hang-up
        return poll(&client, 1, 0) > 0;
    }

    /// Waits for the server's socket. Returns false when the deadline has passed. Throws ClientLeft.
    bool wait(const char* name, short events, Deadline deadline) {
        // The client's socket as in client_has_left(). poll ignores a descriptor of -1.
        std::array<pollfd, 2> sockets{{{PQsocket(get()), events, 0}, {client_socket_, 0, 0}}};
        for (;;) {
            int timeout = -1;
            if (deadline != kNoDeadline) {
                const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
                timeout = static_cast<int>(std::clamp<std::int64_t>(left, 0, INT_MAX));
            }
            const int ready = poll(sockets.data(), sockets.size(), timeout);
            if (ready > 0 && sockets[0].revents == 0) {
                close();
                throw core::ClientLeft{name};
            }
            if (ready > 0) return true;
            if (ready == 0) return false;
            if (errno != EINTR) throw std::system_error{errno, std::generic_category(), "poll"};
        }
    }

    /// Waits for bytes of the server and takes them. Closes the connection at the deadline, because an answer may still
    /// come. The statement is not cancelled: PQcancel connects and waits without a limit. The server notices the closed
    /// connection (client_connection_check_interval) or ends the statement by its own timeout.
    void wait_and_consume(const char* name, short events, Deadline deadline) {
        if (PQsocket(get()) < 0) throw connection_lost(name);
        if (!wait(name, events, deadline)) {
            close();
            throw without_sqlstate(Kind::kTooSlow, name, "no answer before the deadline");
        }
        if (PQconsumeInput(get()) == 0) throw connection_lost(name);
    }

    Failure connection_lost(const char* name, Kind kind = Kind::kUnavailable) {
        const std::string message = flattened(PQerrorMessage(get()));
        close();
        return without_sqlstate(kind, name, message);
    }

    /// Throws unless success, which PQsend... or PQput... returned. They fail when the connection is lost, and when
    /// they are misused, which is a bug of ours.
    void sent(const char* name, int success) {
        if (success != 0) return;
        const Kind kind = PQstatus(get()) == CONNECTION_BAD ? Kind::kUnavailable : Kind::kBroken;
        throw connection_lost(name, kind);
    }

    void flush(const char* name, Deadline deadline) {
        for (;;) {
            const int left = PQflush(get());
            // After an error (-1) go on: a server that closed the connection said why, and that is read as the answer.
            if (left <= 0) return;
            wait_and_consume(name, POLLIN | POLLOUT, deadline);
        }
    }

    /// The next result; null at the end of an answer.
    Rows::Result next_result(const char* name, Deadline deadline) {
        while (PQisBusy(get()) != 0) wait_and_consume(name, POLLIN, deadline);
        return Rows::Result{PQgetResult(get())};
    }

    /// The last result of an answer. Throws when any of its results is an error.
    Rows answer(const char* name, Deadline deadline) {
        flush(name, deadline);
        Rows::Result last;
        std::optional<Failure> failure;
        while (Rows::Result result = next_result(name, deadline)) {
            switch (PQresultStatus(result.get())) {
                case PGRES_COPY_IN:
                case PGRES_COPY_OUT:
                case PGRES_COPY_BOTH:
                    close();
                    throw without_sqlstate(Kind::kBroken, name, "a COPY where none is expected");
                case PGRES_FATAL_ERROR:
                case PGRES_BAD_RESPONSE:
                    failure = failure_of(name, result.get());
                    break;
                default:
                    last = std::move(result);
            }
            if (!is_open()) break;
        }
        if (failure) throw *failure;
        return Rows{std::move(last)};
    }

    /// What an error result means. Closes the connection when the server has ended the session (a FATAL error), and
    /// when the session's prepared statements cannot be used any more.
    Failure failure_of(const char* name, const PGresult* result) {
        const char* code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        if (!code) return connection_lost(name);
        const char* severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
        const auto text = [&](int field) {
            const char* value = PQresultErrorField(result, field);
            return flattened(value ? value : "");
        };
        Failure failure = refusal(name, code, text(PG_DIAG_MESSAGE_PRIMARY), text(PG_DIAG_MESSAGE_HINT));
        if ((severity && (std::string_view{severity} == "FATAL" || std::string_view{severity} == "PANIC")) ||
            find_sqlstate(code).retry == Retry::kNewSession)
            close();
        return failure;
    }

    ConnectionOptions options_;
    std::unique_ptr<PGconn, Finish> connection_;
    std::set<std::string, std::less<>> prepared_;
    std::function<void(std::string_view)> notice_;
    int client_socket_ = -1;
};

Connection::Connection(ConnectionOptions options) : impl_{std::make_unique<Impl>(std::move(options))} {}
Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

void Connection::open(Deadline deadline) {
    if (!impl_->is_open()) impl_->open(deadline);
}

void Connection::close() noexcept { impl_->close(); }

bool Connection::is_open() const noexcept { return impl_->is_open(); }

void Connection::set_client_socket(int client_socket) noexcept { impl_->set_client_socket(client_socket); }

int Connection::server_version() const { return PQserverVersion(impl_->get()); }

Rows Connection::query(const Statement& statement, const std::vector<Parameter>& parameters, Deadline deadline) {
    return std::move(impl_->pipeline({{statement, parameters}}, deadline).front());
}

std::vector<Rows> Connection::pipeline(const std::vector<Query>& queries, Deadline deadline) {
    return impl_->pipeline(queries, deadline);
}

void Connection::script(const std::string& text, Deadline deadline) { impl_->script("script", text, deadline); }

void Connection::copy_begin(const std::string& statement, Deadline deadline) { impl_->copy_begin(statement, deadline); }

void Connection::copy_put(std::string_view data, Deadline deadline) { impl_->copy_put(data, deadline); }

std::int64_t Connection::copy_end(Deadline deadline) { return impl_->copy_end(deadline); }

void Connection::on_notice(std::function<void(std::string_view)> receiver) { impl_->on_notice(std::move(receiver)); }

std::string Connection::quoted_identifier(std::string_view text) const {
    char* quoted = PQescapeIdentifier(impl_->get(), text.data(), text.size());
    if (!quoted) throw without_sqlstate(Kind::kBroken, "quoted_identifier", flattened(PQerrorMessage(impl_->get())));
    std::string copy{quoted};
    PQfreemem(quoted);
    return copy;
}

Transaction::Transaction(Connection& connection, Deadline deadline) : connection_{connection} {
    connection_.script("begin isolation level read committed", deadline);
}

Transaction::~Transaction() {
    if (!committed_) connection_.close();
}

void Transaction::commit(Deadline deadline) {
    connection_.script("commit", deadline);
    committed_ = true;
}

}  // namespace sql
