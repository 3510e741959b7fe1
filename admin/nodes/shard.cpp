#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>
#include <thread>

#include "admin/command.hpp"
#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/name.hpp"
#include "admin/nodes/commands.hpp"
#include "admin/nodes/move.hpp"
#include "admin/nodes/queries.hpp"
#include "admin/nodes/subscription.hpp"
#include "sql/node.hpp"
#include "sql/nodes.hpp"

namespace admin::nodes {
namespace {

constexpr std::int64_t kMostShards = 9000;  // ids stay below 2^53
constexpr std::chrono::seconds kConnecting{10};
constexpr std::chrono::seconds kCopying{60};
constexpr std::chrono::milliseconds kBetweenLooks{100};

struct Shard {
    std::int64_t number = 0;
    std::string conninfo;  ///< of add: how the router reaches the shard; of init: how the shard reaches the router
};

/// Refuses what PL/Proxy cannot use, and what would show a password: everyone may read the addresses of a server.
void check_address(const std::string& conninfo) {
    if (!sql::is_conninfo(conninfo) || conninfo.empty() || conninfo.find("://") != std::string::npos)
        throw console::Refusal{
            "an address is a connection string, such as 'host=shard1 dbname=queue_statistics "
            "passfile=/etc/postgresql/shards', not " +
            in_quotes(conninfo)};
    if (sql::conninfo_value(conninfo, "password"))
        throw console::Refusal{
            "everyone in the database may read addresses: name a passfile= that only the server's user can read, "
            "instead of a password"};
}

/// What a superuser must do.
console::Refusal needs_superuser(const std::string& statements) {
    return console::Refusal{
        "only a superuser can do the following; nothing was changed. Run this command as a superuser, or let one run "
        "this in the database, and then this command again:\n" +
        statements};
}

/// Runs the statements as the owner of the schema, whoever we are, so that what they make is the owner's.
void run_as_owner(sql::Connection& connection, std::string_view quoted_owner, const char* statements) {
    connection.script("set local role " + std::string{quoted_owner}, sql::kNoDeadline);
    connection.script(statements, sql::kNoDeadline);
}

/// The statements that make the router's way to its shards, the first of which has this address.
std::string stubs(std::string_view address_literal) {
    static constexpr std::string_view kPlaceholder = ":'address'";
    std::string text{sql::nodes::stubs.text};
    return text.replace(text.rfind(kPlaceholder), kPlaceholder.size(), address_literal);
}

/// Gives the router the address of a shard. The first time it makes the database a router.
void add(const Shard& shard) {
    check_address(shard.conninfo);
    const std::string number = std::to_string(shard.number);
    sql::Connection connection = connect_migrated(Data::kSite);
    const sql::Rows state = connection.query(queries::router_state, {number}, sql::kNoDeadline);
    if (state.text(0, 0) != "logical")
        throw console::Refusal{"shards follow this server by logical replication, and its wal_level is " +
                               std::string{state.text(0, 0)} +
                               "\nA superuser runs: alter system set wal_level = logical; then restart the server."};
    if (!state.boolean(0, 1))
        throw console::Refusal{"this server lacks PL/Proxy\nInstall it: apt install postgresql-" +
                               std::string{state.text(0, 8)} + "-plproxy"};
    if (state.boolean(0, 2))
        throw console::Refusal{
            "this database has destinations or calls of its own: it can become a shard, and the router is another "
            "database"};
    const std::int64_t shards = state.integer(0, 5);
    if (shard.number > shards)
        throw console::Refusal{"shards are numbered from 0 without gaps: the next one is " + std::to_string(shards)};
    const bool has_server = state.boolean(0, 3);
    const bool has_address = !state.is_null(0, 6);
    std::string statements;
    const sql::Rows address = connection.query(
        queries::write_address, {number, shard.conninfo, has_address ? "true" : "false"}, sql::kNoDeadline);
    if (!has_server)
        statements = stubs(address.text(0, 1));
    else if (!has_address || state.text(0, 6) != shard.conninfo)
        statements = address.text(0, 0);
    if (!statements.empty() && !state.boolean(0, 4)) throw needs_superuser(statements);
    const std::string owner{state.text(0, 7)};
    sql::Transaction transaction{connection, sql::kNoDeadline};
    connection.script(statements, sql::kNoDeadline);
    run_as_owner(connection, owner, sql::node_script(sql::NodeKind::kRouter));
    const std::int64_t placed = connection.query(queries::place_first_queues, {number}, sql::kNoDeadline).affected();
    transaction.commit(sql::kNoDeadline);
    std::cout << "This router has the address of shard " << number << " now.";
    if (placed > 0) std::cout << ' ' << console::counted(placed, "queue is", "queues are") << " on it.";
    std::cout << " On the shard, unless it was done: queue-statistics shard init " << number << " --router CONNINFO\n";
}

/// The first thing that only one of the two has; empty: both have the same.
std::string difference(const sql::Rows& ours, const sql::Rows& theirs) {
    for (int i = 0; i < std::max(ours.size(), theirs.size()); ++i) {
        const std::string our = i < ours.size() ? std::string{ours.text(i, 0)} : "";
        const std::string their = i < theirs.size() ? std::string{theirs.text(i, 0)} : "";
        if (our == their) continue;
        return "this database has " + (our.empty() ? "no more" : in_quotes(our)) + " where the router has " +
               (their.empty() ? "no more" : in_quotes(their));
    }
    return "";
}

/// Makes this database a shard, and lets it follow the router.
void init(const Shard& shard) {
    const std::string number = std::to_string(shard.number);
    sql::Connection connection = connect_migrated(Data::kCalls);
    const sql::Node node = sql::node_of(connection, sql::kNoDeadline);
    if (node.kind == sql::NodeKind::kShard && node.shard != shard.number)
        throw console::Refusal{"this is shard " + std::to_string(node.shard) + ", which it stays"};
    const sql::Rows state = connection.query(queries::shard_state, {number}, sql::kNoDeadline);
    if (!state.boolean(0, 0) && !state.is_null(0, 2))
        throw console::Refusal{"destination " + std::string{state.text(0, 2)} +
                               " of this database has an id of another shard's: this can only become shard 0, and only "
                               "when it was the first machine"};

    sql::Connection router = connect_to(shard.conninfo, sql::Clock::now() + kConnecting);
    if (sql::node_of(router, sql::kNoDeadline).kind != sql::NodeKind::kRouter)
        throw console::Refusal{
            "the database that --router names is no router\nFirst, there: queue-statistics shard add " + number +
            " CONNINFO"};
    const sql::Rows facts = router.query(queries::router_facts, {number}, sql::kNoDeadline);
    if (!facts.boolean(0, 0))
        throw console::Refusal{"the router has no address of shard " + number +
                               "\nFirst, there: queue-statistics shard add " + number + " CONNINFO"};
    if (!facts.boolean(0, 1) || !facts.boolean(0, 2))
        throw console::Refusal{
            "the role that --router names may not replicate, or not read what is to be copied\nFirst, there: alter "
            "role "
            "ROLE replication; and queue-statistics grant shard ROLE"};
    const auto different = [&](bool with_directory) {
        const sql::Parameter which = with_directory ? "true" : "false";
        return difference(connection.query(queries::list_site, {which}, sql::kNoDeadline),
                          router.query(queries::list_site, {which}, sql::kNoDeadline));
    };
    const bool has_site = state.boolean(0, 1);
    if (has_site && !state.boolean(0, 3))
        if (const std::string what = different(false); !what.empty())
            throw console::Refusal{"this database has customers or queues, and they are not the router's: " + what};
    const sql::Rows subscribe = connection.query(
        queries::write_subscriptions, {number, shard.conninfo, has_site ? "true" : "false"}, sql::kNoDeadline);
    if (!state.boolean(0, 3) && !may_subscribe(connection, shard.conninfo)) {
        std::string statements;
        for (int i = 0; i < subscribe.size(); ++i) statements += std::string{subscribe.text(i, 0)} + '\n';
        throw needs_superuser(statements);
    }

    {
        sql::Transaction transaction{connection, sql::kNoDeadline};
        connection.query(queries::insert_shard, {number}, sql::kNoDeadline);
        run_as_owner(connection, state.text(0, 4), sql::node_script(sql::NodeKind::kShard));
        transaction.commit(sql::kNoDeadline);
    }
    if (!state.boolean(0, 3))
        for (int i = 0; i < subscribe.size(); ++i)
            connection.script(std::string{subscribe.text(i, 0)}, sql::kNoDeadline);
    const auto end = sql::Clock::now() + kCopying;
    for (std::string what = different(true); !what.empty(); what = different(true)) {
        if (sql::Clock::now() > end)
            throw console::Refusal{"the shard does not follow the router, and its server's log says why: " + what +
                                   "\nRun this again when it does."};
        std::this_thread::sleep_for(kBetweenLooks);
    }
    std::cout << "This is shard " << number
              << " now, and follows the router. Unless it was done: queue-statistics grant router ROLE, the role that "
                 "the router logs in as.\n";
}

}  // namespace

void add_shard(Group& all) {
    Group shard = all.group("shard", "Past one machine: the shards that have the calls, and the router before them");
    const auto number = [](Arguments& takes, Shard& options) -> Arguments& {
        return takes.number("N", options.number, 0, kMostShards, "Its number: 0, 1, 2, ...", "");
    };
    shard.command<Shard>("add", "On the router: give it the address of a shard. The first one makes it a router", add,
                         [number](Arguments& takes, Shard& options) {
                             number(takes, options)
                                 .text("CONNINFO", options.conninfo,
                                       "How the router reaches the shard, a connection string with a passfile= where "
                                       "there is a password");
                         });
    shard.command<Shard>(
        "init", "On a shard: make this database shard N, which follows the router", init,
        [number](Arguments& takes, Shard& options) {
            number(takes, options).text("--router", options.conninfo, "How this server reaches the router", "CONNINFO");
        });
    shard.command<Move>(
        "move",
        "On the router: move the queues of a phone system to another shard. It may be killed and run again: it goes on",
        move, [](Arguments& takes, Move& options) {
            takes.repeated("--source", options.sources, "The phone system, as its events name it", "NAME")
                .number("--to", options.shard, 0, kMostShards, "The shard that the queues go to", "N")
                .text("--old-shard", options.old_shard,
                      "How this program, and the server of the new shard, reach the shard that has the queues",
                      "CONNINFO")
                .text("--new-shard", options.new_shard, "How this program reaches the shard that they go to",
                      "CONNINFO")
                .flag("--told", options.told, "The phone system writes to the new shard already: wait no longer")
                .flag("--give-up", options.give_up, "Take back what was done, as long as readers ask the old shard")
                .flag("--yes", options.yes, "Do not ask; needed where there is no terminal")
                .check([&options] { return options.sources.empty() ? "--source is required" : ""; });
        });
}

}  // namespace admin::nodes
