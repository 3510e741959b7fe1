#pragma once

#include <vector>

#include "sql/connection.hpp"

/// The sums of calls (docs/roll-up.md). Not part of the command `roll-up`, because imports and `prune` use them too.
namespace admin::upkeep {

/// Sums up the calls until 15 minutes ago, and the calls that came or changed since their minutes were summed. Then
/// says how far the sums are. Each step is a transaction of about 0.1 s for which nobody waits. The roll-up may be
/// killed at any point and run again.
///
/// When another roll-up or a prune is at work, this one says so and ends: the next one goes on. Transactions that may
/// have missed the seal are waited for, 10 s at most; then the roll-up says which one is the oldest and leaves the
/// newest calls to the next run.
///
/// When 15 minutes ago is over 7 days past the newest call and past the seal, the clock may be ahead: the roll-up says
/// so and ends at the newest call. force: it trusts the clock.
void roll_up(bool force);

/// roll_up() of the calls, on a connection: waits for its turn. It leaves events that wait for a name alone.
void sum_up(sql::Connection& connection);

/// Before an import. Where calls were never summed, the seal has no value, and every call would be logged as a late
/// one: this says that nothing is summed, by a step that ends at 1970. Does nothing where another roll-up is at work,
/// which sets the seal itself, or where this role may not roll up.
void begin_sums();

/// roll_up() at the end of an import, whose calls may be old. It says nothing of the clock, and nothing at all when
/// another roll-up is at work or when this role may not roll up: the timer's roll-up does the work. It leaves alone the
/// events that wait for a name, because they may wait for others' transactions.
void roll_up_imported();

/// Sets a seal back that is ahead of the clock, makes all sums anew, one stretch of one queue per step, then rolls up.
/// Meanwhile the responder goes on to answer from the sums: as fast as ever, and as right or wrong as the sums are.
/// force: as for roll_up().
void rebuild_sums(bool force);

/// Runs a step in a transaction of its own that holds the locks of a roll-up. When another roll-up has the locks, or a
/// writer was in the way (SQLSTATE 40001, 40P01), it tries again until the step is done.
sql::Rows in_turn(sql::Connection& connection, const sql::Statement& step,
                  const std::vector<sql::Parameter>& parameters);

}  // namespace admin::upkeep
