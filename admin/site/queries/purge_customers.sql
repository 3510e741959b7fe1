-- Deletes a customer and all below it, who have neither queues nor people any more.
--
-- $1 bigint  customer
--
-- Served by customers_pkey and customers_parent.
delete from queue_statistics.customers where id in (select id from queue_statistics.customer_tree($1::bigint))
