-- What a shard has from the router, in an order that is the same on both.
--
-- $1 boolean  with the directory
--
-- One row per customer, queue and place:
--   what  text
--
-- Served by the primary keys.
select concat_ws(' ', 'customer', c.id, 'below', c.parent, case when c.deleted then 'deleted' end, c.name) as what
  from (select * from queue_statistics.customers order by id) c
union all
select concat_ws(' ', 'queue', q.id, 'of customer', q.customer, case when q.deleted then 'deleted' end, q.name)
  from (select * from queue_statistics.queues order by id) q
union all
select concat_ws(' ', 'queue', s.queue, 'on shard', s.shard)
  from (select * from queue_statistics.queue_shards where $1::boolean order by queue) s
