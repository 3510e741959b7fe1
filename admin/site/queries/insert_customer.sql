-- $1 bigint  id, or null for the next
-- $2 bigint  parent, or null
-- $3 text    name
-- id bigint
insert into queue_statistics.customers (id, parent, name)
values (coalesce($1::bigint, nextval(pg_get_serial_sequence('queue_statistics.customers', 'id'))), $2, $3)
returning id
