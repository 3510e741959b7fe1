-- Reads the imported call detail records of FreeSWITCH as events, in chunks of about a thousand. Equal events of a file
-- come into one chunk. `data` of a line is one record, a JSON object. A record that says nothing about an offer is left
-- out. `offset 0` makes PostgreSQL parse each record once.
--
-- $1 text  source: the phone system's name
insert into pg_temp.imported_events (file, line, chunk, event, problem)
select l.file, l.line, rank() over (partition by l.file order by (e.event).callid, (e.event).digest) / 1000, e.event,
       case when l.record is null then 'no JSON object' else e.problem end
  from (select i.file, i.line, queue_statistics.event_headers(i.data) as record
          from pg_temp.imported_lines i offset 0) l
 cross join lateral queue_statistics.freeswitch_cdr($1, queue_statistics.cdr_variables(l.record)) e
 where (e.event).kind is not null or e.problem is not null or l.record is null
