-- Events that were kept and not folded within the time of two roll-ups.
--
-- One row per phone system:
--   problem  text
select count(*) || ' events of ' || (event).source || ' wait to be folded, the oldest since '
         || to_char(min(received), 'YYYY-MM-DD HH24:MI') || ' UTC (' || left(min(reason), 100)
         || '). Run: queue-statistics roll-up'
  from queue_statistics.kept_events
 where received < now() - interval '11 minutes'
 group by (event).source
 order by (event).source
