-- Adds the queues that the import names and the customer lacks.
--
-- $1 bigint  customer
--
-- Served by queues_customer_name.
insert into queue_statistics.queues (customer, name)
select $1::bigint, i.queue
  from (select distinct queue from pg_temp.imported_calls) i
 where not exists (select from queue_statistics.queues q
                    where q.customer = $1::bigint and q.name = i.queue and not q.deleted)
 order by i.queue
    on conflict (customer, name) where not deleted do nothing
