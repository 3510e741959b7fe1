#pragma once

/// The sums of calls. Not in the command `roll-up`, because imports and `prune` bring them up to date too.
namespace admin::upkeep {

/// Sums up the calls until 15 minutes ago, and those that came or changed since they were summed, in transactions of
/// about 0.1 s that nobody waits for; may be killed at any point and run again. Says what it did. Another roll-up at
/// work does what this one would: it says so and does nothing. Waits up to 10 s for transactions that may have missed
/// the seal, then says which is the oldest and leaves the newest calls to the next run.
void roll_up();

/// Makes all sums anew, a stretch of a queue at a time, then rolls up. Answers stay fast meanwhile, and are as right or
/// wrong as the sums are.
void rebuild_sums();

}  // namespace admin::upkeep
