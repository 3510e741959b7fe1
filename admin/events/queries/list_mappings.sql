-- What the names of agents and queues in events mean, and the queue names that events wait for.
--
-- One row per name:
--   kind     text     agent or queue
--   name     text
--   means    text     a destination, a queue's id, or none; null for a queue name without a mapping
--   waiting  numeric  number of events that wait for the name
--
-- Served by phone_events_waiting.
select m.kind, m.name, m.means, m.waiting
  from (select 'agent' as kind, a.name, a.dtype || ' ' || a.dnumber as means, 0::bigint as waiting
          from queue_statistics.map_agents a
        union all
        select 'queue', q.name, coalesce(q.queue::text, 'none'),
               coalesce((select sum(u.events) from queue_statistics.unmapped_queues u where u.queue_name = q.name), 0)
          from queue_statistics.map_queues q
        union all
        select 'queue', u.queue_name, null, sum(u.events) from queue_statistics.unmapped_queues u
         where u.queue_name not in (select name from queue_statistics.map_queues) group by u.queue_name) m
 order by m.kind, m.name collate "C"
