#pragma once

/// The sums of calls (docs/roll-up.md). Not part of the command `roll-up`, because imports and `prune` use them too.
namespace admin::upkeep {

/// Sums up the calls until 15 minutes ago, and the calls that came or changed since their minutes were summed. Then
/// says how far the sums are. Each step is a transaction of about 0.1 s for which nobody waits. The roll-up may be
/// killed at any point and run again.
///
/// When another roll-up is at work, this one says so and ends: the other one does the work. Transactions that may have
/// missed the seal are waited for, 10 s at most; then the roll-up says which one is the oldest and leaves the newest
/// calls to the next run.
void roll_up();

/// Makes all sums anew, one stretch of one queue per step, then rolls up. Meanwhile the responder goes on to answer
/// from the sums: as fast as ever, and as right or wrong as the sums are.
void rebuild_sums();

}  // namespace admin::upkeep
