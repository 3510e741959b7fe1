#include "admin/events/map.hpp"

#include <iostream>

#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/queries.hpp"
#include "admin/site/queue.hpp"

namespace admin {
namespace {

void remove(const sql::Statement& statement, std::string_view what, const std::string& name) {
    sql::Connection connection = connect_migrated();
    if (connection.query(statement, {name}, sql::kNoDeadline).affected() == 0)
        throw Refusal{"no " + std::string{what} + ' ' + quoted(name) + " is mapped\nSee: queue-statistics map list"};
}

}  // namespace

void map_agent(const AgentMapping& mapping) {
    check_name("the name", mapping.name);
    check_name("the destination's type", mapping.dtype);
    check_name("the destination's number", mapping.dnumber);
    connect_migrated().query(queries::map_agent, {mapping.name, mapping.dtype, mapping.dnumber}, sql::kNoDeadline);
}

void map_queue(const QueueMapping& mapping) {
    check_name("the name", mapping.name);
    sql::Connection connection = connect_migrated();
    if (is_queue_deleted(connection, mapping.queue))
        throw Refusal{"queue " + std::to_string(mapping.queue) + " is deleted"};
    connection.query(queries::map_queue, {mapping.name, std::to_string(mapping.queue)}, sql::kNoDeadline);
}

void list_mappings() {
    sql::Connection connection = connect_migrated();
    print_table("kind\tname\tmeans\twaiting", connection.query(queries::list_mappings, {}, sql::kNoDeadline));
}

void remove_agent_mapping(const std::string& name) { remove(queries::remove_agent_mapping, "agent", name); }

void remove_queue_mapping(const std::string& name) { remove(queries::remove_queue_mapping, "queue", name); }

}  // namespace admin
