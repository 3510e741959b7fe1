-- Marks a queue deleted; its name is free again.
-- $1 bigint
-- name text. No row: there is no such queue, or it was deleted before.
update queue_statistics.queues set deleted = true where id = $1::bigint and not deleted returning name
