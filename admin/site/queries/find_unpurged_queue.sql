-- On a router, a queue of a customer, or of customers below it, of which a shard still has destinations or callers.
--
-- $1 bigint  customer
--
-- No row when there is none. Otherwise one row:
--   queue  bigint
--   shard  smallint
select q.id, s.shard
  from queue_statistics.queues q
  join queue_statistics.queue_shards s on s.queue = q.id
 where q.customer in (select id from queue_statistics.customer_tree($1::bigint))
   and queue_statistics.ask(s.shard, 'has_rows', q.id::text)::boolean
 limit 1
