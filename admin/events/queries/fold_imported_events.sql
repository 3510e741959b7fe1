-- $1 integer  file
-- $2 bigint   chunk
-- $3 bigint   customer
-- calls bigint: by how many the calls grew
select queue_statistics.fold_events(
         array(select e.event from pg_temp.imported_events e
                where e.file = $1::integer and e.chunk = $2::bigint and e.problem is null
                order by (e.event).callid, (e.event).digest),
         'file', $3::bigint)
