#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// Moves the queues of phone systems from one shard to another. Not part of the command `shard`, whose other parts take
/// a moment.
namespace admin::nodes {

struct Move {
    std::vector<std::string> sources;  ///< the phone systems, as events name them
    std::int64_t shard = 0;            ///< where their queues go
    std::string old_shard;             ///< how we, and the server of the new shard, reach the old one
    std::string new_shard;             ///< how we reach the new one
    bool give_up = false;              ///< takes the move back instead
    bool told = false;                 ///< the phone systems write to the new shard by now
    bool yes = false;                  ///< does not ask
};

/// Runs on the router. The steps, which the table moves of the old shard knows by these names, so that a move that was
/// killed at any point goes on when it is run again:
///   copy       the old shard publishes the queues, and the new one copies and follows them
///   sums       the new shard makes its own sums, and takes what is no matter of queues
///   hand over  nothing is written for the queues on the old shard any more; when the new one has all, the router's
///              directory says so. From here on readers ask the new shard, and the old one has what does not change
///   wait       until the phone systems write to the new shard, their events wait on the old one and are carried over
///   delete     the old shard deletes what the new one has
/// Throws console::Refusal and sql::Failure.
void move(const Move& options);

}  // namespace admin::nodes
