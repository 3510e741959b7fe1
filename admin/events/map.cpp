#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

#include "admin/command.hpp"
#include "admin/console/progress.hpp"
#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/events/commands.hpp"
#include "admin/events/queries.hpp"
#include "admin/name.hpp"
#include "admin/site/lookup.hpp"

namespace admin::events {
namespace {

/// Lets events follow the name that was changed.
void follow(sql::Connection& connection) {
    if (!follow_names(connection))
        std::cout << "Transactions that are older than this still run. The next roll-up brings in their events.\n";
}

/// Removes the mapping of a name. Throws console::Refusal when there is none.
void remove(const sql::Statement& statement, std::string_view what, const std::string& name) {
    sql::Connection connection = connect_migrated(Data::kCalls);
    if (connection.query(statement, {name}, sql::kNoDeadline).affected() == 0)
        throw console::Refusal{"no " + std::string{what} + ' ' + in_quotes(name) +
                               " is mapped\nSee: queue-statistics map list"};
    follow(connection);
}

struct AgentMapping {
    std::string name;
    std::string dtype;
    std::string dnumber;
};

/// Makes an agent's name mean a destination: for offers from now on and for all that are there. An existing mapping of
/// the name is replaced.
void map_agent(const AgentMapping& mapping) {
    check_name("the name", mapping.name);
    check_name("the destination's type", mapping.dtype);
    check_name("the destination's number", mapping.dnumber);
    sql::Connection connection = connect_migrated(Data::kCalls);
    connection.query(queries::map_agent, {mapping.name, mapping.dtype, mapping.dnumber}, sql::kNoDeadline);
    follow(connection);
}

struct QueueMapping {
    std::string name;
    std::optional<std::int64_t> queue;  ///< not deleted; nullopt: the name is nobody's
};

/// Makes a queue's name mean a queue: for events from now on and for those that wait. Events that were folded already
/// stay in their queue. An existing mapping of the name is replaced. A name that is nobody's: events from now on are
/// not stored, and those that wait are deleted, a thousand per transaction; a run that was stopped is finished by the
/// next.
void map_queue(const QueueMapping& mapping) {
    check_name("the name", mapping.name);
    sql::Connection connection = connect_migrated(Data::kCalls);
    if (mapping.queue && site::is_queue_deleted(connection, *mapping.queue))
        throw console::Refusal{"queue " + std::to_string(*mapping.queue) + " is deleted"};
    connection.query(queries::map_queue, {mapping.name, parameter(mapping.queue)}, sql::kNoDeadline);
    follow(connection);
    if (mapping.queue) return;
    console::Progress progress;
    std::int64_t dropped = 0;
    while (true) {
        const std::int64_t step =
            connection.query(queries::drop_nobodys, {mapping.name}, sql::kNoDeadline).integer(0, 0);
        if (step == 0) break;
        dropped += step;
        progress.step(console::counted(dropped, "event", "events") + " dropped");
    }
    progress.clear();
    if (dropped > 0) std::cout << console::counted(dropped, "event", "events") << " dropped\n";
}

/// Lists all mappings, and the queue names that wait for one.
void list() {
    sql::Connection connection = connect_migrated(Data::kCalls);
    print_table("kind\tname\tmeans\twaiting", connection.query(queries::list_mappings, {}, sql::kNoDeadline));
}

void remove_agent(const std::string& name) { remove(queries::remove_agent_mapping, "agent", name); }

void remove_queue(const std::string& name) { remove(queries::remove_queue_mapping, "queue", name); }

}  // namespace

void add_map(Group& all) {
    Group map = all.group("map", "What the names that phone systems use mean");
    map.command<AgentMapping>("agent", "An agent's name means this destination; its offers move there", map_agent,
                              [](Arguments& takes, AgentMapping& agent) {
                                  takes.text("NAME", agent.name, "As in the phone system's events")
                                      .text("DTYPE", agent.dtype,
                                            "The destination's type: phone, forward, peer, sipuri, ...")
                                      .text("DNUMBER", agent.dnumber, "The destination's number");
                              });
    map.command<QueueMapping>(
        "queue", "A queue's name means this queue; what waits for it comes in, or is dropped when it is nobody's",
        map_queue, [](Arguments& takes, QueueMapping& queue) {
            takes.text("NAME", queue.name, "As in the phone system's events")
                .id_or("QUEUE_ID|none", "none", queue.queue, "The queue; none: nobody's");
        });
    map.command("list", "List all mappings, and queue names that wait for one", list);
    Group removal = map.group("remove", "Remove a mapping");
    const auto which = [](Arguments& takes, std::string& name) { takes.text("NAME", name, "The mapped name"); };
    removal.command<std::string>("agent", "The name means its default again; its offers move there", remove_agent,
                                 which);
    removal.command<std::string>("queue", "The name means the one queue of that name again; what came in stays",
                                 remove_queue, which);
}

}  // namespace admin::events
