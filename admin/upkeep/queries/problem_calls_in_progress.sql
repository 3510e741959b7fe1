-- Calls in progress that began over 12 hours ago: their end was never written.
--
-- One row, or no row:
--   problem  text
--
-- Served by queue_destination_calls_in_progress.
select format(
         'calls in progress that began over 12 hours ago: %s, the oldest at %s UTC in queue %s. Their end was never '
         'written; if they ended, set their in_progress to false.',
         count(*), to_char(min(start) at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
         (array_agg(queue order by start))[1])
  from queue_statistics.queue_destination_calls
 where in_progress and start < now() - interval '12 hours'
having count(*) > 0
