-- The minute up to which calls are summed, except calls that changed since.
--
-- One row:
--   until  text  UTC
select to_char(to_timestamp(sealed * 60::bigint) at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')
  from queue_statistics.rollup_state
