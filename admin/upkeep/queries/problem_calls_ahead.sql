-- Queues with calls that begin more than an hour from now.
--
-- One row per queue:
--   problem  text
--
-- Served by queue_destination_calls_start, once per queue.
select format('queue %s has calls that begin more than an hour from now, up to %s UTC: the clock or the time zone of '
              'what writes them is wrong.',
              q.id, to_char(newest.start at time zone 'UTC', 'YYYY-MM-DD HH24:MI'))
  from queue_statistics.queues q
 cross join lateral (select max(c.start) as start from queue_statistics.queue_destination_calls c
                      where c.queue = q.id) newest
 where newest.start > now() + interval '1 hour'
 order by q.id
