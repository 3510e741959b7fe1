-- Queue names of live events that wait for a mapping: the ten that most events wait for.
--
-- One row per name and phone system:
--   problem  text
--
-- Served by phone_events_waiting.
select 'events of phone systems name a queue that '
         || case when queues = 0 then 'does not exist' else 'several customers have' end
         || ', and wait: "' || left(queue_name, 60) || '" of ' || source
         || ', ' || events || ' since ' || first_event::date
         || '. Say which it is: queue-statistics map queue NAME QUEUE_ID|none'
  from queue_statistics.unmapped_queues
 order by events desc, queue_name limit 10
