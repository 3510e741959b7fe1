-- Folds one chunk of an event import.
--
-- $1 integer  file
-- $2 bigint   chunk
-- $3 bigint   customer
--
-- One row:
--   offers   bigint  by how many the number of offers grew
--   callers  bigint  by how many the number of callers grew
--
-- Served by imported_events_chunk, and what serves fold_events: phone_events_pkey, phone_events_agent,
-- queues_customer_name.
select *
  from queue_statistics.fold_each(
         array(select e.event from pg_temp.imported_events e
                where e.file = $1::integer and e.chunk = $2::bigint and e.problem is null
                order by (e.event).callid, (e.event).digest),
         'file', $3::bigint)
