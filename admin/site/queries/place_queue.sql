-- Says on which shard a queue is: all events of a phone system must come to one shard, so a new queue goes where the
-- newest of its customer's other queues is, else where one of a customer above is, else to the newest shard.
--
-- $1 bigint   queue
-- $2 bigint   its customer
-- $3 integer  the shard; null: as above
--
-- No row when there is no such shard. Otherwise one row:
--   shard  smallint
--
-- Served by queues_customer_id, queue_shards_pkey and customers_pkey. A cycle ends the walk after 100 customers.
with recursive line (id, parent, depth) as (
  select c.id, c.parent, 0 from queue_statistics.customers c where c.id = $2::bigint
  union
  select c.id, c.parent, l.depth + 1 from line l join queue_statistics.customers c on c.id = l.parent
   where l.depth < 100
),
shards as (
  select substr(o.option_name, 2)::integer as number
    from pg_foreign_server f
   cross join pg_options_to_table(f.srvoptions) o
   where f.srvname = 'queue_statistics' and o.option_name ~ '^p[0-9]+$'
)
insert into queue_statistics.queue_shards (queue, shard)
select $1::bigint, s.number
  from shards s
 where s.number = coalesce($3::integer,
                           (select p.shard
                              from line l
                              join queue_statistics.queues q on q.customer = l.id and q.id <> $1::bigint
                              join queue_statistics.queue_shards p on p.queue = q.id
                             order by l.depth, q.id desc
                             limit 1),
                           (select max(number) from shards))
returning shard
