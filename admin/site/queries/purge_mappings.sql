-- Deletes the mappings of names to a deleted customer's queues.
--
-- $1 bigint  customer
delete from queue_statistics.map_queues
 where queue in (select q.id from queue_statistics.queues q
                  where q.customer in (select id from queue_statistics.customer_tree($1::bigint)))
