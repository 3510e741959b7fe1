-- Makes the queues that the events name and the customer has not.
-- `offset 0`: one look-up a name.
-- $1 bigint  customer
insert into queue_statistics.queues (customer, name)
select $1::bigint, n.name
  from (select distinct (event).queue_name as name from pg_temp.imported_events
         where problem is null and (event).kind <> 'restart' offset 0) n
 where char_length(n.name) between 1 and 255 and queue_statistics.queue_of(n.name, $1::bigint) is null
    on conflict (customer, name) where not deleted do nothing
