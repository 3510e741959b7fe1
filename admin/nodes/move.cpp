#include "admin/nodes/move.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "admin/console/confirm.hpp"
#include "admin/console/progress.hpp"
#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/name.hpp"
#include "admin/nodes/queries.hpp"
#include "admin/nodes/subscription.hpp"
#include "admin/upkeep/sums.hpp"
#include "sql/grant.hpp"
#include "sql/node.hpp"

namespace admin::nodes {
namespace {

constexpr std::chrono::seconds kConnecting{10};
constexpr std::chrono::seconds kOneAtATime{10};   // a session of a move that was killed may end a little later
constexpr std::chrono::seconds kFollowing{60};    // until the new shard has what the old one had
constexpr std::chrono::seconds kHandingOver{30};  // while events wait
constexpr std::chrono::milliseconds kBetweenLooks{50};
constexpr std::chrono::milliseconds kBetweenCarries{200};
constexpr std::int64_t kBlocks = 256;  // per transaction: 2 MiB, or some 10,000 events

constexpr std::string_view kNoSuchRole = "42704";  // SQLSTATE

/// The turn to move on a shard: by a lock on a table of the owner's, which no other role can take, unlike an advisory
/// lock. It ends with the object, or with the program.
class Turn {
  public:
    /// Throws console::Refusal when another move keeps its turn for too long.
    explicit Turn(sql::Connection connection);

  private:
    sql::Connection connection_;
    sql::Transaction transaction_;
};

Turn::Turn(sql::Connection connection)
    : connection_{std::move(connection)}, transaction_{connection_, sql::kNoDeadline} {
    try {
        connection_.script(
            "set local lock_timeout = " + std::to_string(std::chrono::milliseconds{kOneAtATime}.count()) +
                "; lock table queue_statistics.moves in share update exclusive mode",
            sql::kNoDeadline);
    } catch (const sql::Failure& failure) {
        if (failure.sqlstate() != kLockNotAvailable) throw;
        throw console::Refusal{"another shard move is at work"};
    }
}

/// Waits until done() is true, at most so long. Returns whether it is.
bool wait_until(const auto& done, std::chrono::seconds most) {
    const auto end = sql::Clock::now() + most;
    while (!done()) {
        if (sql::Clock::now() > end) return false;
        std::this_thread::sleep_for(kBetweenLooks);
    }
    return true;
}

/// Words as a literal of a text[].
std::string array_of(const std::vector<std::string>& words) {
    std::string array = "{";
    for (const std::string& word : words) {
        array += array.size() > 1 ? ",\"" : "\"";
        for (const char c : word) {
            if (c == '"' || c == '\\') array += '\\';
            array += c;
        }
        array += '"';
    }
    return array + '}';
}

void say(std::string_view step, const std::string& what) { std::cout << step << ": " << what << std::endl; }

class Mover {
  public:
    explicit Mover(const Move& options);
    void run();

  private:
    sql::Rows of(sql::Connection& connection, const sql::Statement& statement,
                 const std::vector<sql::Parameter>& parameters = {}) {
        return connection.query(statement, parameters, sql::kNoDeadline);
    }
    /// Whether a statement's one value is true.
    bool is(sql::Connection& connection, const sql::Statement& statement,
            const std::vector<sql::Parameter>& parameters) {
        return of(connection, statement, parameters).boolean(0, 0);
    }
    sql::Rows facts_of(sql::Connection& shard) { return of(shard, queries::move_facts, {subscription_}); }

    void begin();
    void find_queues();
    void require_rights();
    void copy();
    void sum_up();
    sql::Rows rows_to_take();
    void take_rows();
    void take_roles();
    void hand_over();
    void undo_hand_over();
    void stop_writers();
    bool follows(std::chrono::seconds most);
    bool is_placed(sql::Connection& connection) {
        return of(connection, queries::count_placed, {queues_, to_number_}).integer(0, 0) == queue_count_;
    }
    void end_copy();
    std::int64_t carry();
    void wait_for_phone_systems();
    void forget(sql::Connection& shard);
    void delete_old();
    void give_up();
    bool is_at(const char* step) const { return step_ == step; }
    void go_to(const char* step) {
        of(from_, queries::set_move_step, {step});
        step_ = step;
    }

    const Move& options_;
    sql::Connection router_;
    sql::Connection from_;
    sql::Connection to_;
    std::optional<Turn> turn_on_old_;
    std::optional<Turn> turn_on_new_;
    console::Progress progress_;
    std::string from_number_;
    std::string to_number_;
    std::string subscription_;
    std::string sources_;  // text[]
    std::string names_;    // of the phone systems, for messages
    std::string queues_;   // bigint[]
    std::int64_t queue_count_ = 0;
    std::string step_;
};

sql::Connection shard_at(const char* option, const std::string& conninfo) {
    if (!sql::is_conninfo(conninfo) || conninfo.empty())
        throw console::Refusal{std::string{option} + " takes a connection string, not " + in_quotes(conninfo)};
    return connect_to(conninfo, sql::Clock::now() + kConnecting);
}

Mover::Mover(const Move& options)
    : options_{options},
      router_{connect_migrated(Data::kSite)},
      from_{shard_at("--old-shard", options.old_shard)},
      to_{shard_at("--new-shard", options.new_shard)},
      to_number_{std::to_string(options.shard)} {
    std::vector<std::string> sources = options.sources;
    std::sort(sources.begin(), sources.end());
    sources_ = array_of(sources);
    for (const std::string& source : sources) {
        check_name("a phone system", source);
        names_ += (names_.empty() ? "" : ", ") + source;
    }
    if (sql::node_of(router_, sql::kNoDeadline).kind != sql::NodeKind::kRouter)
        throw console::Refusal{"this is no router\nRun this on the router."};
    const sql::Node from = sql::node_of(from_, sql::kNoDeadline);
    const sql::Node to = sql::node_of(to_, sql::kNoDeadline);
    if (to.kind != sql::NodeKind::kShard || to.shard != options.shard)
        throw console::Refusal{"the database that --new-shard names is not shard " + to_number_};
    if (from.kind != sql::NodeKind::kShard || from.shard == to.shard)
        throw console::Refusal{"the database that --old-shard names is not another shard"};
    from_number_ = std::to_string(from.shard);
    subscription_ = "queue_statistics_move_" + from_number_ + "_" + to_number_;
    turn_on_old_.emplace(shard_at("--old-shard", options.old_shard));
    turn_on_new_.emplace(shard_at("--new-shard", options.new_shard));
}

void Mover::run() {
    const sql::Rows found = of(from_, queries::find_move);
    if (found.size() > 0) {
        if (found.text(0, 0) != names_)
            throw console::Refusal{"the queues of " + std::string{found.text(0, 0)} + " are on their way from shard " +
                                   from_number_ + " to shard " + std::string{found.text(0, 1)} +
                                   "\nFirst: queue-statistics shard move, for these"};
        if (found.integer(0, 1) != options_.shard)
            throw console::Refusal{"the queues of " + names_ + " are on their way to shard " +
                                   std::string{found.text(0, 1)} + "\nFirst: queue-statistics shard move --to " +
                                   std::string{found.text(0, 1)}};
        queues_ = found.text(0, 2);
        queue_count_ = 1 + std::count(queues_.begin(), queues_.end(), ',');
        step_ = found.text(0, 3);
    } else if (options_.give_up) {
        throw console::Refusal{"no move of " + names_ + " is under way on shard " + from_number_};
    } else if (is(from_, queries::carries, {sources_, to_number_})) {
        const std::int64_t carried = carry();
        std::cout << "The queues of " << names_ << " are on shard " << to_number_ << " already. "
                  << console::counted(carried, "event that was", "events that were") << " sent to shard "
                  << from_number_ << " since " << (carried == 1 ? "was" : "were") << " carried there.\n";
        return;
    } else {
        begin();
    }
    if (options_.give_up) return give_up();
    if (is_at("copy")) copy();
    if (is_at("sums")) sum_up();
    if (is_at("hand over")) hand_over();
    if (is_at("wait")) wait_for_phone_systems();
    if (is_at("delete")) delete_old();
    progress_.clear();
    std::cout << "The queues of " << names_ << " are on shard " << to_number_ << " now.\n";
}

/// Prints the queues that go.
void Mover::find_queues() {
    progress_.step("reading which queues the events name");
    const sql::Rows plan = of(from_, queries::plan_move, {sources_});
    progress_.clear();
    if (plan.size() == 0) throw console::Refusal{"no event of " + names_ + " names a queue of shard " + from_number_};
    std::string others;
    queues_ = "{";
    for (int i = 0; i < plan.size(); ++i) {
        queues_ += (i > 0 ? "," : "") + std::string{plan.text(i, 0)};
        if (!plan.is_null(i, 4) && others.empty())
            others = "queue " + std::string{plan.text(i, 0)} + " has events of " + std::string{plan.text(i, 4)} +
                     ", too: a queue moves with all its phone systems\nName these, too: --source, again";
    }
    queues_ += '}';
    queue_count_ = plan.size();
    print_table("queue\tcustomer\tname\tdeleted\tother phone systems", plan);
    std::cout << std::flush;
    if (!others.empty()) throw console::Refusal{others};
}

/// Refuses what would fail later, before anything is changed.
void Mover::require_rights() {
    const sql::Rows from = facts_of(from_);
    const sql::Rows to = facts_of(to_);
    if (from.text(0, 0) != to.text(0, 0))
        throw console::Refusal{"the shards have different schemas\nFirst: queue-statistics migrate, on each"};
    if (!from.boolean(0, 2))
        throw console::Refusal{
            "the role that --old-shard names may not replicate; nothing was changed\nA superuser of "
            "shard " +
            from_number_ + " runs: alter role ROLE replication;"};
    if (!from.boolean(0, 1))
        throw console::Refusal{
            "the role that --old-shard names owns neither the schema nor the database; nothing was "
            "changed"};
    if (!from.is_null(0, 5) && from.text(0, 5) != queues_)
        throw console::Refusal{
            "shard " + from_number_ +
            " has a publication of other queues that was never used\nOn that shard: drop publication "
            "queue_statistics_move;"};
    if (!is_placed(router_) &&
        of(router_, queries::count_placed, {queues_, from_number_}).integer(0, 0) != queue_count_)
        throw console::Refusal{"the router's directory has some of these queues on other shards"};

    const sql::Rows rows = rows_to_take();
    const sql::Rows conflicts =
        of(to_, queries::move_conflicts,
           {std::string{rows.text(0, 0)}, std::string{rows.text(0, 1)}, std::string{rows.text(0, 4)}, sources_, queues_,
            to.boolean(0, 3) ? "true" : "false"});
    if (conflicts.size() > 0)
        throw console::Refusal{"shard " + to_number_ +
                               " cannot take these queues; nothing was changed: " + std::string{conflicts.text(0, 0)}};
    if (to.boolean(0, 3) || may_subscribe(to_, options_.old_shard)) return;
    throw console::Refusal{
        "only a superuser can do the following; nothing was changed. Let --new-shard name a superuser, or run this, "
        "and then this command again:\n-- on shard " +
        from_number_ + ", as the owner of the schema\n" +
        std::string{of(from_, queries::write_publication, {sources_, queues_}).text(0, 0)} + "\n-- on shard " +
        to_number_ + ", as a superuser\n" +
        std::string{of(to_, queries::write_move_subscription, {subscription_, options_.old_shard}).text(0, 0)}};
}

void Mover::begin() {
    find_queues();
    require_rights();
    console::confirm(console::counted(queue_count_, "queue", "queues") + " with all calls and events will move from " +
                         "shard " + from_number_ + " to shard " + to_number_ + ".",
                     options_.yes);
    sql::Transaction transaction{from_, sql::kNoDeadline};
    if (facts_of(from_).is_null(0, 5))
        from_.script(std::string{of(from_, queries::write_publication, {sources_, queues_}).text(0, 0)},
                     sql::kNoDeadline);
    of(from_, queries::insert_move, {sources_, to_number_, queues_});
    transaction.commit(sql::kNoDeadline);
    step_ = "copy";
}

void Mover::copy() {
    say("copy", "shard " + to_number_ + " copies the queues");
    take_rows();
    if (!facts_of(to_).boolean(0, 3)) {
        of(from_, queries::drop_lost_slot, {subscription_});
        to_.script(
            std::string{of(to_, queries::write_move_subscription, {subscription_, options_.old_shard}).text(0, 0)},
            sql::kNoDeadline);
    }
    const auto hint = sql::Clock::now() + kFollowing;
    while (true) {
        const sql::Rows copied = of(to_, queries::copied_tables, {subscription_});
        if (copied.integer(0, 1) > 0 && copied.integer(0, 0) == copied.integer(0, 1)) break;
        progress_.step(std::to_string(copied.integer(0, 0)) + " of " + std::to_string(copied.integer(0, 1)) +
                       " tables are copied" +
                       (sql::Clock::now() > hint ? "; if it does not go on, the log of that server says why" : ""));
        std::this_thread::sleep_for(kBetweenLooks);
    }
    progress_.clear();
    go_to("sums");
}

void Mover::sum_up() {
    say("sums", "shard " + to_number_ + " makes its sums");
    upkeep::sum_up(to_);
    to_.script(
        "vacuum analyze queue_statistics.queue_destination_calls, queue_statistics.queue_calls, "
        "queue_statistics.queue_destinations, queue_statistics.phone_events",
        sql::kNoDeadline);
    take_roles();
    go_to("hand over");
}

/// Gives the database roles of the phone systems the same rights on the new shard. Roles that are not there yet are
/// the administrator's, with their passwords.
void Mover::take_roles() {
    const sql::Rows roles = of(from_, queries::list_moving_roles, {sources_});
    const auto optional = [&](int row, int column) {
        return roles.is_null(row, column) ? std::nullopt : std::optional{std::string{roles.text(row, column)}};
    };
    for (int i = 0; i < roles.size(); ++i) {
        const std::string role{roles.text(i, 0)};
        try {
            sql::grant(
                to_, sql::Grant::kPhoneSystem, role, sql::kNoDeadline, [](std::string_view) {},
                {.source = optional(i, 1), .customer = roles.optional_integer(i, 2), .timezone = optional(i, 3)});
        } catch (const sql::Failure& failure) {
            if (failure.sqlstate() != kNoSuchRole && failure.sqlstate() != kNotPermitted) throw;
            say("sums", "role " + in_quotes(role) + " is not the phone system's on shard " + to_number_ +
                            " yet; there: create it, and queue-statistics grant phone-system" +
                            (roles.is_null(i, 1) ? "" : " --source " + std::string{roles.text(i, 1)}) +
                            (roles.is_null(i, 2) ? "" : " --customer " + std::string{roles.text(i, 2)}) +
                            (roles.is_null(i, 3) ? "" : " --timezone " + std::string{roles.text(i, 3)}) + ' ' + role);
        }
    }
}

/// Rows of the old shard that the subscription does not take.
sql::Rows Mover::rows_to_take() {
    const std::string agents{of(to_, queries::list_mapped_agents).text(0, 0)};
    return of(from_, queries::move_rows, {sources_, queues_, agents});
}

void Mover::take_rows() {
    const sql::Rows rows = rows_to_take();
    of(to_, queries::take_rows,
       {std::string{rows.text(0, 0)}, std::string{rows.text(0, 1)}, std::string{rows.text(0, 2)},
        std::string{rows.text(0, 3)}, sources_});
    follow_names(to_);
}

/// Whether the new shard gets what the old one has now, within so long.
bool Mover::follows(std::chrono::seconds most) {
    const std::string lsn{of(from_, queries::wal_position).text(0, 0)};
    return wait_until([&] { return is(from_, queries::has_received, {subscription_, lsn}); }, most);
}

void Mover::undo_hand_over() {
    of(from_, queries::undo_hand_over);
    follow_names(from_);
}

/// Nothing is written for the queues on the old shard any more, and the new one has all.
void Mover::stop_writers() {
    const sql::Rows surprises = of(from_, queries::move_surprises);
    if (surprises.size() > 0)
        throw console::Refusal{std::string{surprises.text(0, 0)} +
                               "\nRun this with --give-up, and then without, to begin again"};
    if (!follows(kFollowing))
        throw console::Refusal{"shard " + to_number_ +
                               " does not follow, and its server's log says why; nothing was handed over\nRun this "
                               "again when it does."};
    const std::string stopped{of(from_, queries::begin_hand_over).text(0, 0)};
    const auto undo = [&](const std::string& why) {
        undo_hand_over();
        return console::Refusal{why + "; nothing was handed over\nRun this again."};
    };
    if (!wait_until([&] { return is(from_, queries::have_ended, {stopped}); }, kHandingOver))
        throw undo("transactions of shard " + from_number_ + " do not end");
    if (!follows(kHandingOver)) throw undo("shard " + to_number_ + " is too far behind");
}

void Mover::hand_over() {
    say("hand over", "shard " + from_number_ + " writes no more for these queues");
    if (!is_placed(router_)) {
        const bool publishes = !facts_of(from_).is_null(0, 5);
        if (publishes) stop_writers();
        // What the old shard may still change, such as by a restart of the phone system, is the new one's matter now.
        // From here on the hand-over is not taken back: what the old shard wrote would not come over any more.
        from_.script("alter publication queue_statistics_move set table queue_statistics.shard", sql::kNoDeadline);
        if (!follows(kFollowing))
            throw console::Refusal{"shard " + to_number_ + " does not follow\nRun this again: events wait."};
        const sql::Rows files = of(from_, queries::list_followed_files, {sources_});
        of(to_, queries::take_phone_systems, {sources_, std::string{files.text(0, 0)}});
        const std::string ids{of(to_, queries::list_moved_destinations, {queues_}).text(0, 0)};
        of(router_, queries::move_queues, {queues_, to_number_, ids});
    }
    progress_.step("waiting until both shards have the router's directory");
    while (!is_placed(to_) || !is_placed(from_)) std::this_thread::sleep_for(kBetweenLooks);
    of(from_, queries::end_hand_over);
    carry();
    progress_.clear();
    end_copy();
    go_to("wait");
}

void Mover::end_copy() {
    const sql::Rows to = facts_of(to_);
    std::string drop = "drop subscription " + subscription_ + ';';
    // PostgreSQL drops the slot before it commits that the subscription is gone: a command that is killed in between
    // leaves a subscription that looks for its slot.
    if (!facts_of(from_).boolean(0, 6))
        drop.insert(0, "alter subscription " + subscription_ + " disable; alter subscription " + subscription_ +
                           " set (slot_name = none); ");
    if (to.boolean(0, 3) && !to.boolean(0, 4))
        throw console::Refusal{"only a superuser can do the following; run it on shard " + to_number_ +
                               ", and then this command again:\n" + drop};
    if (to.boolean(0, 3)) to_.script(drop, sql::kNoDeadline);
    from_.script(
        "drop publication if exists queue_statistics_move;"
        "alter table queue_statistics.phone_events replica identity default",
        sql::kNoDeadline);
}

/// Takes to the new shard what came to the old one for the phone systems since the hand-over. Returns how many events.
/// An event is deleted on the old shard when the new one has it.
std::int64_t Mover::carry() {
    while (of(from_, queries::fold_kept_of, {sources_}).integer(0, 0) > 0) continue;
    const sql::Rows restarts = of(from_, queries::list_restarts, {sources_});
    for (int i = 0; i < restarts.size(); ++i)
        of(to_, queries::take_restart, {std::string{restarts.text(i, 0)}, std::string{restarts.text(i, 1)}});
    std::int64_t carried = 0;
    while (true) {
        const sql::Rows waiting = of(from_, queries::list_waiting, {sources_});
        if (waiting.integer(0, 1) == 0) break;
        const std::string events{waiting.text(0, 0)};
        of(to_, queries::take_waiting, {events});
        of(from_, queries::delete_waiting, {events});
        carried += waiting.integer(0, 1);
    }
    if (carried > 0) follow_names(to_);
    return carried;
}

void Mover::wait_for_phone_systems() {
    say("wait", "let " + names_ + " write to shard " + to_number_ + " now. Until then events wait on shard " +
                    from_number_ +
                    ", and this command carries them over. It may be ended and run again; with --told it waits no "
                    "longer");
    const std::string since{of(to_, queries::this_moment).text(0, 0)};
    const std::string turns{of(from_, queries::list_followed_files, {sources_}).text(0, 1)};
    const auto writes_there = [&] {
        return is(to_, queries::has_written, {sources_, since, turns}) &&
               !is(from_, queries::has_written, {sources_, std::nullopt, turns});
    };
    std::int64_t carried = carry();
    while (!options_.told && !writes_there()) {
        progress_.step(console::counted(carried, "event", "events") + " carried over");
        std::this_thread::sleep_for(kBetweenCarries);
        carried += carry();
    }
    progress_.clear();
    go_to("delete");
}

/// Deletes the queues' calls, events, sums and destinations on a shard, in steps of a moment.
void Mover::forget(sql::Connection& shard) {
    std::int64_t offers = 0;
    std::int64_t callers = 0;
    std::string rest = queues_.substr(1, queues_.size() - 2) + ',';
    for (std::size_t comma = rest.find(','); comma != std::string::npos; comma = rest.find(',')) {
        const std::string queue = rest.substr(0, comma);
        rest.erase(0, comma + 1);
        while (true) {
            const sql::Rows gone = upkeep::in_turn(shard, queries::delete_calls, {queue});
            if (gone.integer(0, 0) == 0 && gone.integer(0, 1) == 0) break;
            offers += gone.integer(0, 0);
            callers += gone.integer(0, 1);
            progress_.step(console::counted(offers, "offer", "offers") + " and " +
                           console::counted(callers, "caller", "callers") + " deleted");
        }
        while (upkeep::in_turn(shard, queries::empty_queue, {queue}).boolean(0, 0)) continue;
    }
    const auto row_in = [](std::int64_t block) { return '(' + std::to_string(block) + ",0)"; };
    const std::int64_t blocks = event_blocks(shard);
    for (std::int64_t block = 0; block < blocks; block += kBlocks) {
        progress_.step("deleting events");
        of(shard, queries::delete_events, {row_in(block), row_in(block + kBlocks), sources_, queues_});
    }
    progress_.clear();
}

void Mover::delete_old() {
    say("delete", "shard " + from_number_ + " deletes what shard " + to_number_ + " has");
    carry();
    forget(from_);
    carry();
    of(from_, queries::end_move);
    follow_names(from_);
}

/// Takes everything back that was done until the hand-over.
void Mover::give_up() {
    if (is_placed(router_))
        throw console::Refusal{"readers ask shard " + to_number_ +
                               " by now: the move cannot be given up\nRun this without --give-up, and then move the "
                               "queues back."};
    undo_hand_over();
    end_copy();
    forget(to_);
    of(from_, queries::give_up_move);
    std::cout << "The queues of " << names_ << " stay on shard " << from_number_ << ".\n";
}

}  // namespace

void move(const Move& options) { Mover{options}.run(); }

}  // namespace admin::nodes
