-- Adds the offers that are not calls yet, in the order of the file.
--
-- Reads the import's temporary tables only.
insert into queue_statistics.queue_destination_calls
       (queue, destination, uniqueid, start, ringtime, holdtime, talktime, outcome, in_progress)
select m.queue, m.destination, i.uniqueid, i.start, i.ringtime, i.holdtime, i.talktime, i.outcome, i.in_progress
  from pg_temp.matched_calls m
  join pg_temp.imported_calls i on i.line = m.line
 where m.call is null
 order by m.line
