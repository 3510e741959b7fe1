-- The size of offer_events.
--
-- One row:
--   blocks  bigint
select pg_relation_size('queue_statistics.offer_events') / current_setting('block_size')::bigint
