-- Queue names of the import that fit no queue of the customer. `offset 0` makes PostgreSQL look up each name once.
--
-- $1 bigint  customer
--
-- One row per name:
--   name    text
--   events  bigint  their number
--
-- Served by queues_customer_name.
select n.name, n.events
  from (select (event).queue_name as name, count(*) as events from pg_temp.imported_events
         where problem is null and (event).kind <> 'restart' group by 1 offset 0) n
 where queue_statistics.queue_of(n.name, $1::bigint) is null
   and not queue_statistics.is_nobodys(n.name)
 order by n.name
