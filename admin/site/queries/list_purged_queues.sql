-- The queues of a customer and of customers below it.
--
-- $1 bigint  customer
--
-- One row per queue, by id:
--   id  bigint
select q.id
  from queue_statistics.queues q
 where q.customer in (select id from queue_statistics.customer_tree($1::bigint))
 order by q.id
