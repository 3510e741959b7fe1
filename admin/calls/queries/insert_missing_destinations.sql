-- Adds the destinations that the import names and the queue lacks. A removed destination is not missing, and stays
-- removed.
--
-- $1 bigint  customer
--
-- Served by queues_customer_name and the key (queue, dtype, dnumber) of queue_destinations.
insert into queue_statistics.queue_destinations (queue, dtype, dnumber)
select q.id, i.dtype, i.dnumber
  from (select distinct queue, dtype, dnumber from pg_temp.imported_calls) i
  join queue_statistics.queues q on q.customer = $1::bigint and q.name = i.queue and not q.deleted
 where not exists (select from queue_statistics.queue_destinations d
                    where d.queue = q.id and d.dtype = i.dtype and d.dnumber = i.dnumber)
 order by q.id, i.dtype, i.dnumber
    on conflict (queue, dtype, dnumber) do nothing
