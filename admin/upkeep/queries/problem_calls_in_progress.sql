-- Calls in progress that began over 12 hours ago, and callers who came over 12 hours ago and still wait or talk: their
-- end was never written.
--
-- One row per kind:
--   problem  text
--
-- Served by queue_destination_calls_in_progress and queue_calls_in_progress.
select format(
         'calls in progress that began over 12 hours ago: %s, the oldest at %s UTC in queue %s. Their end was never '
         'written; if they ended, set their in_progress to false.',
         count(*), to_char(min(start) at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
         (array_agg(queue order by start))[1])
  from queue_statistics.queue_destination_calls
 where in_progress and start < now() - interval '12 hours'
having count(*) > 0
union all
select format(
         'callers who entered over 12 hours ago and still %s: %s, the first at %s UTC in queue %s. Their end was never '
         'written; if they left, set their %s.',
         case when in_progress then 'talk' else 'wait' end,
         count(*), to_char(min(entered) at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
         (array_agg(queue order by entered))[1],
         case when in_progress then 'in_progress to false' else 'outcome to other' end)
  from queue_statistics.queue_calls
 where (in_progress or outcome = 'waiting') and entered < now() - interval '12 hours'
 group by in_progress
