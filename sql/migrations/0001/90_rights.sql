-- PostgreSQL lets everyone execute a new function. Here nobody may but those granted (sql/grants), so this file comes
-- last.
revoke all on all functions in schema queue_statistics from public;

-- Whoever writes calls reads the seal, in the conditions of 14_rollup_triggers.sql, which the writer's own role
-- evaluates.
grant select on sequence queue_statistics.rollup_seal to public;
