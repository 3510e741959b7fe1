-- Gives the calls that differ the times and the outcome of their line.
--
-- Served by queue_destination_calls_pkey.
update queue_statistics.queue_destination_calls c
   set ringtime = i.ringtime, holdtime = i.holdtime, talktime = i.talktime,
       outcome = i.outcome, in_progress = i.in_progress
  from pg_temp.matched_calls m
  join pg_temp.imported_calls i on i.line = m.line
 where m.differs and c.queue = m.queue and c.id = m.call
