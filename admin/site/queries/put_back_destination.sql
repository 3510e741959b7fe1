-- Makes a removed destination current again.
--
-- $1 bigint  destination
--
-- Served by queue_destinations_id_key.
update queue_statistics.queue_destinations set removed = null where id = $1::bigint
