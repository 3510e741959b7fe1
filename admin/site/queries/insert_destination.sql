-- Adds a destination to a queue.
--
-- $1 bigint  id; null: the next one
-- $2 bigint  queue
-- $3 text    dtype
-- $4 text    dnumber
--
-- One row:
--   id  bigint
insert into queue_statistics.queue_destinations (id, queue, dtype, dnumber)
values (coalesce($1::bigint, nextval(pg_get_serial_sequence('queue_statistics.queue_destinations', 'id'))), $2, $3, $4)
returning id
