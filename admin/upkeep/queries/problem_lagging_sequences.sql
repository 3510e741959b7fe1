-- Sequences of ids whose next value is taken, so that inserts fail.
--
-- One row per sequence:
--   problem  text
--
-- Served by each table's primary key. The keys of the calls begin with the queue, so they are read once per queue.
with highest (tablename, id) as (
  select 'customers', max(id) from queue_statistics.customers
  union all
  select 'roles', max(id) from queue_statistics.roles
  union all
  select 'people', max(id) from queue_statistics.people
  union all
  select 'queues', max(id) from queue_statistics.queues
  union all
  select 'queue_destinations', max(id) from queue_statistics.queue_destinations
  union all
  select 'queue_destination_calls', max(newest.id)
    from queue_statistics.queues q
   cross join lateral (select max(c.id) as id from queue_statistics.queue_destination_calls c
                        where c.queue = q.id) newest
  union all
  select 'queue_calls', max(newest.id)
    from queue_statistics.queues q
   cross join lateral (select max(c.id) as id from queue_statistics.queue_calls c where c.queue = q.id) newest
  union all
  select 'queue_log', max(id) from queue_statistics.queue_log
  union all
  select 'freeswitch_events', max(id) from queue_statistics.freeswitch_events
  union all
  select 'event_problems', max(id) from queue_statistics.event_problems
)
select format('the sequence %1$s is behind the highest id of %2$s, %3$s, so that inserts without an id will fail. '
              'Move it: select setval(''%1$s'', %3$s);', s.name, h.tablename, h.id)
  from highest h
 cross join lateral (select pg_get_serial_sequence('queue_statistics.' || h.tablename, 'id') as name) s
  join pg_sequences p on s.name = format('%I.%I', p.schemaname, p.sequencename)
 where coalesce(p.last_value, 0) < h.id
