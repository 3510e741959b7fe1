-- Deletes up to a thousand of the events that wait for a queue, by a name that only a deleted customer's queues have,
-- unless their role is bound to another customer. `lateral` with a limit makes PostgreSQL look up each name.
--
-- $1 bigint  customer
--
-- Served by phone_events_waiting.
delete from queue_statistics.phone_events
 where ctid = any (array(select e.ctid
                           from queue_statistics.purged_names($1::bigint) n
                          cross join lateral (select w.ctid
                                                from queue_statistics.phone_events w
                                               where w.queue is null and w.queue_name = n.name
                                                 and (w.customer is null or w.customer in (
                                                   select id from queue_statistics.customer_tree($1::bigint)))
                                               limit 1000) e
                          where not n.shared limit 1000))
