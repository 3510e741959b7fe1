-- The current destinations of a queue, for a person who may see the queue.
--
-- $1 bigint  person
-- $2 bigint  queue
--
-- No row when the queue is absent or deleted, or the person may not see it. Otherwise one row per destination, ordered
-- by dtype, then by dnumber, bytewise:
--   id         bigint
--   queue      bigint
--   dtype      text
--   dnumber    text
--   available  boolean
--   priority   smallint
-- ... or one row of nulls when the queue has none.
--
-- Served by queues_pkey and queue_destinations_queue_dtype_dnumber_key.
select d.id, d.queue, d.dtype, d.dnumber, d.available, d.priority
  from queue_statistics.queues q
  left join lateral queue_statistics.destinations(q.id) d on true
 where q.id = $2::bigint and not q.deleted and queue_statistics.may_see_queue($1::bigint, q.id)
 order by d.dtype, d.dnumber
