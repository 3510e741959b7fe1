-- Of how many queues the directory of this node says that they are on a shard.
--
-- $1 bigint[]  the queues
-- $2 smallint  the shard
--
-- One row:
--   queues  bigint
--
-- Served by queue_shards_pkey.
select count(*) from queue_statistics.queue_shards s where s.queue = any ($1::bigint[]) and s.shard = $2::smallint
