-- What a purge of a customer deletes.
--
-- $1 bigint  customer
--
-- One row:
--   customers  bigint  below the customer
--   queues     bigint
--   people     bigint
--
-- Served by customers_parent, queues_customer_name and people_customer.
with tree as materialized (
  select id from queue_statistics.customer_tree($1::bigint)
)
select (select count(*) from tree where id <> $1::bigint),
       (select count(*) from queue_statistics.queues where customer in (select id from tree)),
       (select count(*) from queue_statistics.people where customer in (select id from tree))
