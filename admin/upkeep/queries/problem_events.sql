-- Rows that phone systems inserted within the last 7 days and that could not be read. Only the newest row of each kind
-- is fetched: the rows of a week may be large.
--
-- One row per phone system and kind of problem:
--   problem  text
--
-- Served by event_problems_received and event_problems_pkey.
select p.events || ' events of ' || p.source || ' could not be read within a week (' || p.problem || '); the newest: '
         || left(e.event, 100) || '. They stand in queue_statistics.event_problems'
  from (select source, problem, count(*) as events, max(id) as newest
          from queue_statistics.event_problems
         where received > now() - interval '7 days'
         group by source, problem) p
  join queue_statistics.event_problems e on e.id = p.newest
 order by p.source, p.problem
