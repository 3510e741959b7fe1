-- Rows that phone systems inserted within the last 7 days and that could not be read.
--
-- One row per phone system and kind of problem:
--   problem  text
select count(*) || ' events of ' || source || ' could not be read within a week (' || problem || '); the newest: '
         || left((array_agg(event order by id desc))[1], 100) || '. They stand in queue_statistics.event_problems'
  from queue_statistics.event_problems
 where received > now() - interval '7 days'
 group by source, problem
 order by source, problem
