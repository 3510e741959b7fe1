-- The lines of an event import that could not be read.
--
-- One row per line:
--   file     integer
--   line     bigint
--   problem  text
select file, line, problem from pg_temp.imported_events where problem is not null order by file, line
