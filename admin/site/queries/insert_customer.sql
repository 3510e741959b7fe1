-- Adds a customer.
--
-- $1 bigint  id; null: the next one
-- $2 bigint  parent; null: none
-- $3 text    name
--
-- One row:
--   id  bigint
insert into queue_statistics.customers (id, parent, name)
values (coalesce($1::bigint, nextval(pg_get_serial_sequence('queue_statistics.customers', 'id'))), $2, $3)
returning id
