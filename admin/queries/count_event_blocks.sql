-- The size of phone_events.
--
-- One row:
--   blocks  bigint
select pg_relation_size('queue_statistics.phone_events') / current_setting('block_size')::bigint
