-- Deletes the events of a deleted customer's queues in a stretch of phone_events, and those that wait for one of them
-- because their role was bound to the customer.
--
-- $1 bigint  customer
-- $2 tid     from this row
-- $3 tid     up to this row, which is not in the stretch
delete from queue_statistics.phone_events
 where ctid >= $2::tid and ctid < $3::tid
   and case when queue is null then customer in (select id from queue_statistics.customer_tree($1::bigint))
            else queue in (select q.id from queue_statistics.queues q
                            where q.customer in (select id from queue_statistics.customer_tree($1::bigint))) end
