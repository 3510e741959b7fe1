-- Events that were kept and not folded within the time of two roll-ups.
--
-- One row per phone system:
--   problem  text
select events || ' events of ' || source || ' wait to be folded, the oldest since '
         || to_char(since, 'YYYY-MM-DD HH24:MI') || ' UTC (' || reason || '). Run: queue-statistics roll-up'
  from queue_statistics.overdue_events
 order by source
