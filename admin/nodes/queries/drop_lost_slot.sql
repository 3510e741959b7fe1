-- Drops a replication slot that nobody uses, such as that of a subscription which was never finished.
--
-- $1 text  name of the slot
select pg_drop_replication_slot(r.slot_name) from pg_replication_slots r where r.slot_name = $1 and not r.active
