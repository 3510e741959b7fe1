-- What `status --prometheus` tells, but for the problems.
--
-- One row per sample:
--   metric  text  without `queue_statistics_`
--   label   text  the value of its only label; null for none
--   value   text  a number
--
-- Served by schema_version_pkey, queue_destination_calls_start and queue_calls_entered (once per queue),
-- queue_log_pkey, freeswitch_events_pkey and phone_events_waiting.
select 'schema_version' as metric, null as label, max(version)::text as value from queue_statistics.schema_version
union all
select 'rolled_up_timestamp_seconds', null, (sealed * 60::bigint)::text from queue_statistics.rollup_state
union all
select 'roll_up_backlog', null, count(*)::text from queue_statistics.rollup_dirty
union all
select 'newest_call_timestamp_seconds', null, floor(extract(epoch from max(n.start)))::text
  from queue_statistics.queues q
 cross join lateral (select max(c.start) as start from queue_statistics.queue_destination_calls c
                      where c.queue = q.id) n
having max(n.start) is not null
union all
select 'newest_caller_timestamp_seconds', null, floor(extract(epoch from max(n.entered)))::text
  from queue_statistics.queues q
 cross join lateral (select max(c.entered) as entered from queue_statistics.queue_calls c where c.queue = q.id) n
having max(n.entered) is not null
union all
select 'newest_event_timestamp_seconds', source, floor(extract(epoch from received))::text
  from queue_statistics.newest_events
 where received is not null
union all
select 'waiting_names', null, count(*)::text from queue_statistics.unmapped_queues
