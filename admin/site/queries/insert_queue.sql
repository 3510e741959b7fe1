-- $1 bigint  id, or null for the next
-- $2 bigint  customer
-- $3 text    name
-- id bigint
insert into queue_statistics.queues (id, customer, name)
values (coalesce($1::bigint, nextval(pg_get_serial_sequence('queue_statistics.queues', 'id'))), $2, $3)
returning id
