-- Gives the callers that differ the times and the outcome of their line.
--
-- Served by queue_calls_pkey.
update queue_statistics.queue_calls c
   set waittime = i.waittime, talktime = i.talktime, outcome = i.outcome, in_progress = i.in_progress
  from pg_temp.matched_calls m
  join pg_temp.imported_calls i on i.line = m.line
 where m.differs and c.queue = m.queue and c.id = m.call
