-- A queue's destination by type and number, locked until the transaction ends.
--
-- $1 bigint  queue
-- $2 text    dtype
-- $3 text    dnumber
--
-- No row when the queue has no such destination. Otherwise one row:
--   id       bigint
--   removed  boolean
--
-- Served by the key (queue, dtype, dnumber) of queue_destinations.
select id, removed is not null
  from queue_statistics.queue_destinations
 where queue = $1::bigint and dtype = $2 and dnumber = $3
   for no key update
