-- Whether all transactions that are older than one have ended.
--
-- $1 text  its id
--
-- One row:
--   have  boolean
select pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8
