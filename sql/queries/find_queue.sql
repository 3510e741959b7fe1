-- A queue, for a person who may see it.
--
-- $1 bigint  person
-- $2 bigint  queue
--
-- No row when the queue is absent or deleted, or the person may not see it. Otherwise one row:
--   id        bigint
--   customer  bigint
--   name      text
--
-- Served by queues_pkey.
select q.id, q.customer, q.name
  from queue_statistics.queues q
 where q.id = $2::bigint and not q.deleted and queue_statistics.may_see_queue($1::bigint, q.id)
