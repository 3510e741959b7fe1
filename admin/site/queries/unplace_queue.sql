-- Says on the router that a queue is on no shard any more.
--
-- $1 bigint  queue
--
-- Served by queue_shards_pkey.
delete from queue_statistics.queue_shards where queue = $1::bigint
