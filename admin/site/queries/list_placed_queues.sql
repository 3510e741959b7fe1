-- As list_queues.sql, on a router or shard.
--
-- $1 bigint  customer; null: all
--
-- One row per queue:
--   id        bigint
--   customer  bigint
--   name      text
--   deleted   text      true or false
--   shard     smallint  null: none has it
select q.id, q.customer, q.name, q.deleted::text, s.shard
  from queue_statistics.queues q
  left join queue_statistics.queue_shards s on s.queue = q.id
 where $1::bigint is null or q.customer = $1::bigint
 order by q.id
