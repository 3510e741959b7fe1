-- Marks a queue deleted. Its name is free again.
--
-- $1 bigint  queue
--
-- No row when the queue does not exist or was deleted before. Otherwise one row:
--   name  text
--
-- Served by queues_pkey.
update queue_statistics.queues set deleted = true where id = $1::bigint and not deleted returning name
