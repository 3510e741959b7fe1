-- Deletes events that wait here, and that another shard has.
--
-- $1 text  as list_waiting has them
--
-- Served by phone_events_pkey.
delete from queue_statistics.phone_events e
 using unnest($1::queue_statistics.phone_events[]) n
 where e.callid = n.callid and e.digest = n.digest and e."time" = n."time" and e.ordinal = n.ordinal
   and e.queue is null
