-- A queue by its id.
-- $1 bigint
-- name text, customer bigint, deleted boolean
select name, customer, deleted from queue_statistics.queues where id = $1::bigint
