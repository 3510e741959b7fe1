-- Deletes the events of a deleted customer's queues in a stretch of phone_events.
--
-- $1 bigint  customer
-- $2 tid     from this row
-- $3 tid     up to this row, which is not in the stretch
delete from queue_statistics.phone_events
 where ctid >= $2::tid and ctid < $3::tid
   and queue in (select q.id from queue_statistics.queues q
                  where q.customer in (select id from queue_statistics.customer_tree($1::bigint)))
