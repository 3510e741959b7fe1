-- The newest call of all queues.
--
-- No row when there are no calls. Otherwise one row:
--   start  text    UTC
--   age    bigint  seconds since the start; negative when the start lies ahead
--
-- Served by queue_destination_calls_start, once per queue.
select to_char(newest.start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
       extract(epoch from now() - newest.start)::bigint
  from (select max(n.start) as start
          from queue_statistics.queues q
         cross join lateral (select max(c.start) as start from queue_statistics.queue_destination_calls c
                              where c.queue = q.id) n) newest
 where newest.start is not null
