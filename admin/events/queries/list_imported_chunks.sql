-- The chunks of an event import, in the order in which they are folded.
--
-- One row per chunk:
--   file    integer
--   chunk   bigint
--   events  bigint   their number
--
-- Served by imported_events_chunk.
select file, chunk, count(*)
  from pg_temp.imported_events
 where problem is null
 group by file, chunk
 order by file, chunk
