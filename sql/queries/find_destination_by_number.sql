-- The current destination of a type and number in a queue, for a person who may see the queue.
--
-- $1 bigint  person
-- $2 bigint  queue
-- $3 text    dtype, exact
-- $4 text    dnumber, exact
--
-- No row when the destination is absent or removed, the queue is absent or deleted, or the person may not see the
-- queue. Otherwise one row with the columns of list_destinations.sql.
--
-- Served by queue_destinations_queue_dtype_dnumber_key or queue_destinations_number, and queues_pkey.
select d.id, d.queue, d.dtype, d.dnumber, d.available, d.priority
  from queue_statistics.queues q
 cross join lateral queue_statistics.destination_by_number(q.id, $3::text, $4::text) d
 where q.id = $2::bigint and not q.deleted and queue_statistics.may_see_queue($1::bigint, q.id)
