-- The move of queues that has begun on this shard and is not over.
--
-- No row when there is none. Otherwise one row:
--   names   text      of the phone systems
--   shard   smallint  where the queues go
--   queues  bigint[]
--   step    text      the one that is at work
select array_to_string(sources, ', '), shard, queues, step from queue_statistics.moves
