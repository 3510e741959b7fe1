-- Nobody may execute a function of this schema but the owner and those who were granted it (sql/grants). PostgreSQL
-- lets everyone execute a new function, so this file takes that right away. It comes last because it must follow every
-- function.

revoke all on all functions in schema queue_statistics from public;

-- Whoever writes calls reads the seal: the conditions of the triggers in 14_rollup_triggers.sql run with the writer's
-- own role.
grant select on sequence queue_statistics.rollup_seal to public;
