-- The ids of all destinations of queues, as an array.
--
-- $1 bigint[]  the queues
--
-- One row:
--   ids  bigint[]
--
-- Served by queue_destinations_pkey.
select array(select d.id from queue_statistics.queue_destinations d where d.queue = any ($1::bigint[]))
