-- How far logs of phone systems were read, as an array of rows.
--
-- $1 text[]  the phone systems
--
-- One row:
--   files  text
--   turns  bigint
select coalesce(array_agg(f), '{}'), coalesce(sum(f.turn), 0)::bigint
  from queue_statistics.followed_files f where f.source = any ($1::text[])
