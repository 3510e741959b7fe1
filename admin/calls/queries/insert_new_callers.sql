-- Adds the callers that are not there yet, in the order of the file.
--
-- Reads the import's temporary tables only.
insert into queue_statistics.queue_calls (queue, uniqueid, entered, waittime, talktime, outcome, in_progress)
select m.queue, i.uniqueid, i.entered, i.waittime, i.talktime, i.outcome, i.in_progress
  from pg_temp.matched_calls m
  join pg_temp.imported_calls i on i.line = m.line
 where m.call is null
 order by m.line
