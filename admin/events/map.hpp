#pragma once

#include <cstdint>
#include <string>

/// queue-statistics map ...: what the names mean that phone systems use for agents and queues (migration 3).
namespace admin {

struct AgentMapping {
    std::string name;
    std::string dtype;
    std::string dnumber;
};

/// From now on, and for all offers that are there. An existing mapping is replaced.
void map_agent(const AgentMapping& mapping);

struct QueueMapping {
    std::string name;
    std::int64_t queue = 0;  ///< not deleted
};

/// From now on, and for what waits; what has come in already stays where it is. An existing mapping is replaced.
void map_queue(const QueueMapping& mapping);

/// All mappings, and the queue names that wait for one.
void list_mappings();

/// Throws Refusal when there is none.
void remove_agent_mapping(const std::string& name);
void remove_queue_mapping(const std::string& name);

}  // namespace admin
