-- The shards that a router cannot ask, and why (shard_problems() in sql/nodes/router.sql).
--
-- One row per shard:
--   problem  text
select format('shard %s cannot be asked: %s', p.shard, p.reason) from queue_statistics.shard_problems() p
