-- $1 bigint  customer, or null for all
-- id, customer, name, deleted
select id, customer, name, deleted::text
  from queue_statistics.queues
 where $1::bigint is null or customer = $1::bigint
 order by id
