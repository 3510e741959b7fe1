-- Reads the imported lines of Asterisk's queue log as events, in chunks of about a thousand. Equal events of a file
-- come into one chunk. A line that says nothing about an offer is left out.
--
-- $1 text  source: the phone system's name
insert into pg_temp.imported_events (file, line, chunk, event, problem)
select l.file, l.line, rank() over (partition by l.file order by (e.event).callid, (e.event).digest) / 1000, e.*
  from pg_temp.imported_lines l
 cross join lateral queue_statistics.asterisk_event(
   $1, l."time", l.callid, l.queuename, l.agent, l.event, l.data) e
 where (e.event).kind is not null or e.problem is not null
