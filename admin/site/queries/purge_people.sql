-- Deletes up to a thousand people of a deleted customer and of customers below it.
--
-- $1 bigint  customer
--
-- Served by people_customer.
delete from queue_statistics.people
 where id = any (array(select p.id from queue_statistics.people p
                        where p.customer in (select id from queue_statistics.customer_tree($1::bigint)) limit 1000))
