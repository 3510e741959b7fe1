-- Queue names of the import that fit no queue of the customer.
-- `offset 0`: one look-up a name.
-- $1 bigint  customer
-- name text, events bigint
select n.name, n.events
  from (select (event).queue_name as name, count(*) as events from pg_temp.imported_events
         where problem is null and (event).kind <> 'restart' group by 1 offset 0) n
 where queue_statistics.queue_of(n.name, $1::bigint) is null
 order by n.name
