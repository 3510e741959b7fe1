-- The sequence of a table's ids, when its next value is not above the highest id.
--
-- $1 text    table in schema queue_statistics
-- $2 bigint  an id that will be inserted, or 0
--
-- No row when the sequence does not lag, or this role may not move it. Otherwise one row:
--   sequence  text
--   highest   bigint  the larger of $2 and the highest id
--
-- Served by each table's primary key. The keys of the calls begin with the queue, so they are read once per queue.
with highest (tablename, id) as (
  select 'customers', (select max(id) from queue_statistics.customers) where $1 = 'customers'
  union all
  select 'people', (select max(id) from queue_statistics.people) where $1 = 'people'
  union all
  select 'queues', (select max(id) from queue_statistics.queues) where $1 = 'queues'
  union all
  select 'queue_destinations', (select max(id) from queue_statistics.queue_destinations) where $1 = 'queue_destinations'
  union all
  select 'queue_destination_calls',
         (select max(newest.id)
            from queue_statistics.queues q
           cross join lateral (select max(c.id) as id from queue_statistics.queue_destination_calls c
                                where c.queue = q.id) newest)
   where $1 = 'queue_destination_calls'
  union all
  select 'queue_calls',
         (select max(newest.id)
            from queue_statistics.queues q
           cross join lateral (select max(c.id) as id from queue_statistics.queue_calls c where c.queue = q.id) newest)
   where $1 = 'queue_calls'
)
select s.name, greatest(h.id, $2::bigint)
  from highest h
 cross join lateral (select pg_get_serial_sequence('queue_statistics.' || h.tablename, 'id') as name) s
  join pg_sequences p on s.name = format('%I.%I', p.schemaname, p.sequencename)
 where has_sequence_privilege(s.name, 'update') and has_sequence_privilege(s.name, 'select')
   and coalesce(p.last_value, 0) < greatest(h.id, $2::bigint)
