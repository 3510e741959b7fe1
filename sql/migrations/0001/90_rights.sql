-- Nobody may execute a function of this schema but the owner and those who were granted it (sql/grants). PostgreSQL
-- lets everyone execute a new function, so this file takes that right away. It comes last because it must follow every
-- function.

revoke all on all functions in schema queue_statistics from public;

-- Whoever writes calls reads the seal: the conditions of the triggers in 15_rollup_triggers.sql, and the constraints of
-- calls, run with the writer's own role.
grant execute on function
  queue_statistics.is_possible_offer(bigint, text, timestamptz, integer, integer, integer,
                                     queue_statistics.call_outcome, boolean),
  queue_statistics.is_possible_caller(bigint, text, timestamptz, integer, integer, queue_statistics.caller_outcome,
                                      boolean),
  queue_statistics.may_be_summed(timestamptz)
  to public;
grant select on sequence queue_statistics.rollup_seal to public;
