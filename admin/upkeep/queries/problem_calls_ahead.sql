-- Queues with calls that begin, or callers who enter, more than an hour from now.
--
-- One row per queue and kind:
--   problem  text
--
-- Served by queue_destination_calls_start and queue_calls_entered, once per queue.
select format('queue %s has %s more than an hour from now, up to %s UTC: the clock or the time zone of what writes '
              'them is wrong.',
              q.id, newest.what, to_char(newest.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI'))
  from queue_statistics.queues q
 cross join lateral (select 'calls that begin' as what, max(c.start) as at
                       from queue_statistics.queue_destination_calls c where c.queue = q.id
                      union all
                     select 'callers who enter', max(c.entered)
                       from queue_statistics.queue_calls c where c.queue = q.id) newest
 where newest.at > now() + interval '1 hour'
 order by q.id, newest.what
