-- Queue names of live events that wait for a mapping: the ten that most events wait for.
--
-- One row per name, phone system and customer that its role is bound to:
--   problem  text
--
-- Served by phone_events_waiting, queues_name and queue_shards_pkey.
select 'events of phone systems name a queue that '
         || case when elsewhere.shard is not null then format('shard %s has', elsewhere.shard)
                 when queues > 0 and customer is null then 'several customers have'
                 when queues > 0 then format('customer %s has more than once', customer)
                 when customer is not null then format('customer %s, which their role is bound to, does not have',
                                                       customer)
                 else 'does not exist' end
         || ', and wait: "' || left(queue_name, 60) || '" of ' || u.source
         || ', ' || events || ' since ' || first_event::date
         || case when elsewhere.shard = p.moved_to
                 then format('. Let it write there. To carry them there, on the router: queue-statistics shard move '
                             '--source %s --to %s ...', p.source, p.moved_to)
                 when elsewhere.shard is not null then '. Events of that queue belong there'
                 else '. Say which it is: queue-statistics map queue NAME QUEUE_ID|none' end
  from queue_statistics.unmapped_queues u
  left join queue_statistics.phone_systems p on p.source = u.source
  left join lateral (select s.shard
                       from queue_statistics.queues q
                       join queue_statistics.queue_shards s on s.queue = q.id
                      where queues = 0 and q.name = queue_name and not q.deleted
                        and s.shard <> (select number from queue_statistics.shard)
                      limit 1) elsewhere on true
 order by events desc, queue_name limit 10
