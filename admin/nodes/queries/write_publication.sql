-- The statements by which a shard publishes queues that move. An update or deletion of an event can be published by its
-- source only where its whole old row is in the WAL. No TRUNCATE: it would empty the other shard's tables.
--
-- $1 text[]    the phone systems
-- $2 bigint[]  the queues
--
-- One row:
--   statements  text
select format($$alter table queue_statistics.phone_events replica identity full;
create publication queue_statistics_move for table
  queue_statistics.queue_destinations where (queue = any (%1$L::bigint[])),
  queue_statistics.queue_destination_calls where (queue = any (%1$L::bigint[])),
  queue_statistics.queue_calls where (queue = any (%1$L::bigint[])),
  queue_statistics.phone_events where (source = any (%2$L::text[]))
  with (publish = 'insert, update, delete');$$, $2::bigint[], $1::text[])
