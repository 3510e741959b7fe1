-- Marks a customer deleted.
--
-- $1 bigint  customer
--
-- No row when the customer does not exist or was deleted before. Otherwise one row:
--   name       text
--   queues     bigint  of the customer and of customers below it; those that were not deleted themselves
--   people     bigint  of the customer and of customers below it; those that were active
--   customers  bigint  below the customer; those that were not deleted themselves
--
-- Served by customers_pkey, customers_parent, queues_customer_name and people_customer.
with recursive ended as (
  update queue_statistics.customers set deleted = true where id = $1::bigint and not deleted returning id, name
), below (id, deleted) as (
  select id, false from ended
  union
  select c.id, c.deleted from below b join queue_statistics.customers c on c.parent = b.id
)
select name,
       (select count(*) from queue_statistics.queues where customer in (select id from below) and not deleted),
       (select count(*) from queue_statistics.people where customer in (select id from below) and active),
       (select count(*) from (select distinct id from below where not deleted and id <> ended.id) b)
  from ended
