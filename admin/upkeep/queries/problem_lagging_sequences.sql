-- Sequences of ids whose next value is taken, so that inserts fail. Ids that a sequence never gives do not count: on a
-- shard, those of other shards, and those of what the router makes.
--
-- One row per sequence:
--   problem  text
--
-- Served by each table's primary key, and queue_destinations_id_key. The keys of the calls begin with the queue, so they
-- are read once per queue.
with s as (
  select t.tablename, n.name, p.min_value as low, p.max_value as high, p.last_value
    from (values ('customers', 'site'), ('roles', 'site'), ('people', 'site'), ('queues', 'site'),
                 ('queue_destinations', 'calls'), ('queue_destination_calls', 'calls'), ('queue_calls', 'calls'),
                 ('queue_log', 'calls'), ('freeswitch_events', 'calls'), ('event_problems', 'calls'))
         t (tablename, data)
   cross join lateral (select pg_get_serial_sequence('queue_statistics.' || t.tablename, 'id') as name) n
    join pg_sequences p on n.name = format('%I.%I', p.schemaname, p.sequencename)
   where t.data = 'calls' or not exists (select from queue_statistics.shard)
),
highest as (
  select s.*, case s.tablename
    when 'customers' then (select max(id) from queue_statistics.customers)
    when 'roles' then (select max(id) from queue_statistics.roles)
    when 'people' then (select max(id) from queue_statistics.people)
    when 'queues' then (select max(id) from queue_statistics.queues)
    when 'queue_destinations' then (select max(id) from queue_statistics.queue_destinations
                                     where id between s.low and s.high)
    when 'queue_destination_calls' then
      (select max(newest.id)
         from queue_statistics.queues q
        cross join lateral (select max(c.id) as id from queue_statistics.queue_destination_calls c
                             where c.queue = q.id and c.id between s.low and s.high) newest)
    when 'queue_calls' then
      (select max(newest.id)
         from queue_statistics.queues q
        cross join lateral (select max(c.id) as id from queue_statistics.queue_calls c
                             where c.queue = q.id and c.id between s.low and s.high) newest)
    when 'queue_log' then (select max(id) from queue_statistics.queue_log)
    when 'freeswitch_events' then (select max(id) from queue_statistics.freeswitch_events)
    when 'event_problems' then (select max(id) from queue_statistics.event_problems) end as id
    from s
)
select format('the sequence %1$s is behind the highest id of %2$s, %3$s, so that inserts without an id will fail. '
              'Move it: select setval(''%1$s'', %3$s);', h.name, h.tablename, h.id)
  from highest h
 where coalesce(h.last_value, 0) < h.id
