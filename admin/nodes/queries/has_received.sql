-- Whether a subscriber has all until a position of this server's WAL.
--
-- $1 text  name of the slot
-- $2 text  the position
--
-- One row:
--   has  boolean
select coalesce((select r.confirmed_flush_lsn >= $2::pg_lsn from pg_replication_slots r where r.slot_name = $1), false)
