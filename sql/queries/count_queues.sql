-- How many queues that are not deleted a customer has, for a person who may see them.
--
-- $1 bigint  person
-- $2 bigint  customer; 0: the person's own
--
-- No row when the customer is absent or deleted, or the person may not see it. Otherwise one row:
--   count  bigint
--
-- Served by an index-only scan of queues_customer_name or queues_customer_id.
select (select count(*) from queue_statistics.queues q where q.customer = v.customer and not q.deleted) as count
  from queue_statistics.visible_customers(
         $1::bigint, array[coalesce(nullif($2::bigint, 0), queue_statistics.customer_of($1))]) v (customer)
