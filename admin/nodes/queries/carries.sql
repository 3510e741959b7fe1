-- Whether the queues of phone systems have moved from this shard to another.
--
-- $1 text[]    the phone systems
-- $2 smallint  the other shard
--
-- One row:
--   have  boolean
--
-- Served by phone_systems_pkey.
select count(*) = cardinality($1::text[])
  from queue_statistics.phone_systems s where s.source = any ($1::text[]) and s.moved_to = $2::smallint
