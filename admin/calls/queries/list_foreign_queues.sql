-- On a shard, the queues that the import names and this shard does not have. A shard makes no queues.
--
-- $1 bigint  customer
--
-- One row per queue; none on a database that is no shard:
--   queue  text
--   shard  smallint  the one that has it; null: none has
--
-- Served by queues_customer_name and queue_shards_pkey.
select i.queue, s.shard
  from (select distinct queue from pg_temp.imported_calls) i
  left join queue_statistics.queues q on q.customer = $1::bigint and q.name = i.queue and not q.deleted
  left join queue_statistics.queue_shards s on s.queue = q.id
 where s.shard is distinct from (select number from queue_statistics.shard)
   and exists (select from queue_statistics.shard)
 order by i.queue
