-- Deletes the events of a stretch of phone_events that went with a move.
--
-- $1 tid       from this row
-- $2 tid       up to this row, which is not in the stretch
-- $3 text[]    the phone systems
-- $4 bigint[]  the queues
delete from queue_statistics.phone_events e
 where e.ctid >= $1::tid and e.ctid < $2::tid and e.source = any ($3::text[]) and e.queue = any ($4::bigint[])
