-- Adds the queues that the events of the import name and the customer lacks. `offset 0` makes PostgreSQL look up each
-- name once.
--
-- $1 bigint  customer
--
-- Served by queues_customer_name.
insert into queue_statistics.queues (customer, name)
select $1::bigint, n.name
  from (select distinct (event).queue_name as name from pg_temp.imported_events
         where problem is null and (event).kind <> 'restart' offset 0) n
 where char_length(n.name) between 1 and 255 and queue_statistics.queue_of(n.name, $1::bigint) is null
   and not queue_statistics.is_nobodys(n.name)
    on conflict (customer, name) where not deleted do nothing
