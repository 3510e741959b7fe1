-- Makes a removed destination current again.
-- $1 bigint  id
update queue_statistics.queue_destinations set removed = null where id = $1::bigint
