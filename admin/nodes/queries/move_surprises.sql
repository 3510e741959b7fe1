-- What has happened on this shard since a move began, and keeps the queues from being handed over. It reads all events
-- once.
--
-- One row per problem:
--   problem  text
select format('queue %s (%s) came to this shard since the move began, and its customer moves', q.id, q.name)
  from queue_statistics.moves m
  join queue_statistics.queue_shards s on s.queue <> all (m.queues) and s.queue <> all (m.staying)
                                      and s.shard = (select h.number from queue_statistics.shard h)
  join queue_statistics.queues q on q.id = s.queue
 where q.customer in (select o.customer from queue_statistics.queues o where o.id = any (m.queues))
union all
select format('events of %s name queue %s since the move began, which %s', e.source, e.queue,
              case when e.queue = any (m.queues) then 'moves without this phone system' else 'does not move' end)
  from (select distinct o.source, o.queue from queue_statistics.phone_events o where o.queue is not null) e
  join queue_statistics.moves m on (e.source = any (m.sources)) <> (e.queue = any (m.queues))
