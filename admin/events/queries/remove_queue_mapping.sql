-- A queue name means again the one queue of that name. Calls that were made already stay where they are.
--
-- $1 text  name
--
-- Served by map_queues_pkey.
delete from queue_statistics.map_queues where name = $1
