-- Rows that phone systems inserted within the last 7 days and that could not be read.
--
-- One row per phone system and kind of problem:
--   problem  text
--
-- Served by event_problems_received and event_problems_pkey.
select events || ' events of ' || source || ' could not be read within a week (' || problem || ')'
         || coalesce('; the newest: ' || newest, '') || '. They stand in queue_statistics.event_problems'
  from queue_statistics.event_problem_kinds
 order by source, problem
