-- On a shard, the queue names of the import that mean no queue of this shard. A shard makes no queues.
--
-- $1 bigint  customer
--
-- One row per name; none on a database that is no shard:
--   queue  text
--   shard  smallint  the one that has the customer's queue of this name; null: none has
--
-- Served by queues_customer_name and queue_shards_pkey.
select n.name, s.shard
  from (select distinct (event).queue_name as name from pg_temp.imported_events
         where problem is null and (event).kind <> 'restart' offset 0) n
  left join queue_statistics.queues q on q.customer = $1::bigint and q.name = n.name and not q.deleted
  left join queue_statistics.queue_shards s on s.queue = q.id
 where exists (select from queue_statistics.shard)
   and queue_statistics.queue_of(n.name, $1::bigint) is null and not queue_statistics.is_nobodys(n.name)
 order by n.name
