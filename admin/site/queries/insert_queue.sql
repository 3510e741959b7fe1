-- Adds a queue.
--
-- $1 bigint  id; null: the next one
-- $2 bigint  customer
-- $3 text    name
--
-- One row:
--   id  bigint
insert into queue_statistics.queues (id, customer, name)
values (coalesce($1::bigint, nextval(pg_get_serial_sequence('queue_statistics.queues', 'id'))), $2, $3)
returning id
