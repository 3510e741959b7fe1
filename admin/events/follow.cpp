#include "admin/events/follow.hpp"

#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <optional>
#include <string_view>
#include <utility>

#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/events/asterisk_line.hpp"
#include "admin/events/queries.hpp"
#include "admin/files/followed_log.hpp"
#include "admin/name.hpp"
#include "admin/site/lookup.hpp"
#include "sql/sqlstate.hpp"

namespace admin::events {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kBetweenLooks{250};  // while the log has nothing new
constexpr milliseconds kFirstBackOff{250};
constexpr milliseconds kLongestBackOff{10'000};
constexpr std::chrono::seconds kPatience{60};  // for one statement, which waits while a large mapping change runs

sql::Deadline deadline() { return sql::Clock::now() + kPatience; }

/// Prints a line and flushes it, so that a pipe has it at once.
void say(const std::string& text) { std::cout << text << std::endl; }

/// Takes SIGTERM and SIGINT. They are blocked except while within() waits.
class Stop {
  public:
    Stop() {
        sigset_t signals;
        sigemptyset(&signals);
        struct sigaction action {};
        action.sa_handler = [](int) { asked = 1; };
        for (const int signal : {SIGTERM, SIGINT}) {
            sigaddset(&signals, signal);
            sigaction(signal, &action, nullptr);
        }
        sigprocmask(SIG_BLOCK, &signals, &open_);
    }

    /// Waits for a signal. Returns whether one has come, before or within the time.
    bool within(milliseconds time) const {
        const timespec wait{time.count() / 1000, time.count() % 1000 * 1'000'000};
        if (asked == 0) ppoll(nullptr, 0, &wait, &open_);
        return asked != 0;
    }

  private:
    static inline volatile sig_atomic_t asked = 0;
    sigset_t open_{};
};

std::string hexadecimal(std::string_view bytes) {
    constexpr char kHex[] = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += {kHex[byte >> 4U], kHex[byte & 0xFU]};
    }
    return out;
}

std::string from_hexadecimal(std::string_view digits) {
    const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    std::string out;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        out += static_cast<char>(value(digits[i]) * 16 + value(digits[i + 1]));
    return out;
}

/// Appends an element to an array in PostgreSQL's text form. The array begins with `{`; the caller adds both braces.
void append_element(std::string& array, std::string_view text) {
    array += array.size() > 1 ? ",\"" : "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') array += '\\';
        array += c;
    }
    array += '"';
}

/// Whether the same statement may succeed later: the database is down, starting, a standby or overloaded, or something
/// interrupted the statement or was in its way.
bool passes(const sql::Failure& failure) { return failure.lost() || sql::find_sqlstate(failure.sqlstate()).transient; }

class Follower {
  public:
    Follower(std::int64_t customer, const std::string& source, const std::string& file, const Stop& stop)
        : customer_{customer}, source_{source}, file_{file}, stop_{stop} {}

    void run() {
        try {
            std::optional<files::LogPosition> begin;
            with_database([&] { begin = connected(); });
            stored_ = begin.value_or(files::LogPosition{});
            say("following " + file_ + " from " +
                (begin ? "line " + console::grouped(begin->lines + 1) : "its beginning") + " (source " + source_ +
                ", customer " + std::to_string(customer_) + ")");
            files::FollowedLog log{file_, begin, say};
            for (;;) {
                const std::optional<files::FollowedLog::Batch> batch = log.read();
                if (batch) store(*batch);
                wait(batch ? milliseconds{0} : kBetweenLooks);
            }
        } catch (const Stopped&) {
            say("stopped after line " + console::grouped(stored_.lines));
        }
    }

  private:
    struct Stopped {};

    void wait(milliseconds time) const {
        if (stop_.within(time)) throw Stopped{};
    }

    /// Connects, waits until no other process follows the same source, and returns the position that is stored.
    std::optional<files::LogPosition> connected() {
        connection_.emplace(connect_migrated(Data::kCalls, deadline()));
        site::require_current_customer(*connection_, customer_);
        connection_->script("set plan_cache_mode = force_generic_plan; set jit = off", deadline());
        bool said = false;
        while (!connection_->query(queries::lock_follower, {source_}, deadline()).boolean(0, 0)) {
            if (!said) say("another follower of " + source_ + " is at work; waiting for its end");
            said = true;
            wait(kBetweenLooks);
        }
        sql::Transaction transaction{*connection_, deadline()};
        advance_sequence(*connection_, "queues");
        transaction.commit(deadline());
        const sql::Rows rows = connection_->query(queries::find_followed_file, {source_}, deadline());
        turn_ = rows.size() > 0 ? rows.integer(0, 8) : 0;
        if (rows.size() == 0) return {};
        return files::LogPosition{rows.integer(0, 0),
                                  rows.integer(0, 1),
                                  rows.integer(0, 2),
                                  from_hexadecimal(rows.text(0, 3)),
                                  from_hexadecimal(rows.text(0, 4)),
                                  rows.integer(0, 5),
                                  rows.integer(0, 6),
                                  rows.integer(0, 7)};
    }

    /// Calls work(), and calls it again while the database is away.
    template <class Work>
    void with_database(const Work& work) {
        bool away = false;
        for (milliseconds back_off{0};;) {
            wait(back_off);
            try {
                work();
                if (away) say("the database is back");
                return;
            } catch (const sql::Failure& failure) {
                if (!passes(failure)) throw;
                if (connection_) connection_->close();
                // A connection that was lost while it was idle is worth a word only when a new one fails too.
                if (!away && back_off > milliseconds{0}) {
                    say("the database is away (" + failure.message() + "); trying again");
                    away = true;
                }
            }
            back_off = std::clamp(back_off * 2, kFirstBackOff, kLongestBackOff);
        }
    }

    void store(const files::FollowedLog::Batch& batch) {
        std::string lines = "{";
        std::string numbers = "{";
        for (const files::FollowedLog::Line& line : batch.lines) {
            if (line.text.empty()) continue;
            const std::string_view problem = AsteriskLine{}.read({line.number, line.text, line.too_long});
            if (!problem.empty()) {
                report(batch, line.number, problem);
                continue;
            }
            append_element(lines, line.text);
            numbers.append(numbers.size() > 1 ? "," : "").append(std::to_string(line.number));
        }
        lines += '}';
        numbers += '}';
        with_database([&] {
            if (!connection_->is_open()) {
                const files::LogPosition position = connected().value_or(files::LogPosition{});
                if (position == batch.after) return;  // the commit succeeded, only its answer was lost
                if (position != stored_) throw console::Refusal{"another follower has read on in " + file_};
            }
            fold(batch, lines, numbers);
        });
        stored_ = batch.after;
    }

    void fold(const files::FollowedLog::Batch& batch, const std::string& lines, const std::string& numbers) {
        const files::LogPosition& after = batch.after;
        const std::string customer = std::to_string(customer_);
        const std::vector<sql::Rows> answers = connection_->pipeline(
            {{queries::move_followed_file,
              {source_, std::to_string(after.device), std::to_string(after.inode), std::to_string(after.modified),
               hexadecimal(after.first_line), hexadecimal(after.last_line), std::to_string(after.last_line_at),
               std::to_string(after.byte), std::to_string(after.lines), std::to_string(turn_ + 1)}},
             {queries::insert_followed_queues, {source_, customer, lines}},
             {queries::fold_followed_lines, {source_, customer, lines, numbers}}},
            deadline());
        ++turn_;
        for (int i = 0; i < answers[1].size(); ++i) say("made queue " + in_quotes(answers[1].text(i, 0)));
        for (int i = 1; i < answers[2].size(); ++i) report(batch, answers[2].integer(i, 0), answers[2].text(i, 1));
    }

    static void report(const files::FollowedLog::Batch& batch, std::int64_t line, std::string_view problem) {
        std::cerr << batch.file << ':' << line << ": " << problem << '\n';
    }

    const std::int64_t customer_;
    const std::string& source_;
    const std::string& file_;
    const Stop& stop_;
    std::optional<sql::Connection> connection_;
    files::LogPosition stored_;
    std::int64_t turn_ = 0;  // the last write of the stored position
};

}  // namespace

int follow_asterisk(std::int64_t customer, const std::string& source, const std::string& file) {
    const Stop stop;
    Follower{customer, source, file, stop}.run();
    return 0;
}

}  // namespace admin::events
