-- The sequence of a table's ids, when its next value is not above the highest id of those that the sequence may give: a
-- shard has rows of other shards' ids, which are none of its own.
--
-- $1 text    table in schema queue_statistics
-- $2 bigint  an id that will be inserted, or 0
--
-- No row when the sequence does not lag, or this role may not move it. Otherwise one row:
--   sequence  text
--   highest   bigint  the larger of $2 and the highest id
--
-- Served by each table's primary key, and queue_destinations_id_key. The keys of the calls begin with the queue, so they
-- are read once per queue.
with s as (
  select n.name, p.min_value as low, p.max_value as high, p.last_value
    from (select pg_get_serial_sequence('queue_statistics.' || $1, 'id') as name) n
    join pg_sequences p on n.name = format('%I.%I', p.schemaname, p.sequencename)
   where has_sequence_privilege(n.name, 'update') and has_sequence_privilege(n.name, 'select')
),
highest (id) as (
  select max(id) from queue_statistics.customers where $1 = 'customers'
  union all
  select max(id) from queue_statistics.people where $1 = 'people'
  union all
  select max(id) from queue_statistics.queues where $1 = 'queues'
  union all
  select (select max(d.id) from queue_statistics.queue_destinations d where d.id between s.low and s.high)
    from s where $1 = 'queue_destinations'
  union all
  select (select max(newest.id)
            from queue_statistics.queues q
           cross join lateral (select max(c.id) as id from queue_statistics.queue_destination_calls c
                                where c.queue = q.id and c.id between s.low and s.high) newest)
    from s where $1 = 'queue_destination_calls'
  union all
  select (select max(newest.id)
            from queue_statistics.queues q
           cross join lateral (select max(c.id) as id from queue_statistics.queue_calls c
                                where c.queue = q.id and c.id between s.low and s.high) newest)
    from s where $1 = 'queue_calls'
  union all
  select $2::bigint from s where $2 <= s.high
)
select s.name, max(h.id)
  from s
 cross join highest h
 group by s.name, s.last_value
having coalesce(s.last_value, 0) < max(h.id)
