-- Records are in data, each a JSON object.
-- $1 text  source
insert into pg_temp.imported_events (file, line, chunk, event, problem)
select file, line, min(number) over (partition by file, (event).callid, (event).digest) / 1000, event, problem
  from (select l.file, l.line, e.event, case when l.record is null then 'no JSON object' else e.problem end as problem,
               row_number() over (partition by l.file order by (e.event).callid, (e.event).digest) as number
          from (select i.file, i.line, queue_statistics.event_headers(i.data) as record
                  from pg_temp.imported_lines i offset 0) l
         cross join lateral queue_statistics.freeswitch_cdr($1, queue_statistics.cdr_variables(l.record)) e
         where (e.event).kind is not null or e.problem is not null or l.record is null) numbered
