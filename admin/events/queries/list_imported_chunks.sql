-- file integer, chunk bigint, events bigint
select file, chunk, count(*) from pg_temp.imported_events where problem is null group by file, chunk order by file, chunk
