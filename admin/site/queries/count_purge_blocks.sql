-- The size of phone_events, which a purge reads from end to end: the table has no index by queue.
--
-- One row:
--   blocks  bigint
select pg_relation_size('queue_statistics.phone_events') / current_setting('block_size')::bigint
