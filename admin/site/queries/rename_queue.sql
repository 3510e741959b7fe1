-- Gives a queue another name.
--
-- $1 bigint  queue
-- $2 text    name
--
-- No row when the queue does not exist or is deleted; error 23505 when another queue of the customer has the name.
-- Otherwise one row:
--   name  text  before
--
-- Served by queues_pkey.
with before as (
  select id, name from queue_statistics.queues where id = $1::bigint and not deleted for no key update
)
update queue_statistics.queues q set name = $2 from before where q.id = before.id returning before.name
