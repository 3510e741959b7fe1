-- $1 integer  file
-- $2 bigint   chunk
-- $3 integer  feed: 0, or 2 for a followed file
-- $4 bigint   customer
-- calls bigint: by how many the calls grew
select queue_statistics.fold_events(
         array(select e.event from pg_temp.imported_events e
                where e.file = $1::integer and e.chunk = $2::bigint and e.problem is null
                order by (e.event).callid, (e.event).digest),
         $3::integer, $4::bigint)
