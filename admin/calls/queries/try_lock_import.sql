-- As lock_import, but does not wait.
--
-- $1 bigint  customer
--
-- One row:
--   locked  boolean
select pg_try_advisory_xact_lock(hashtextextended('queue_statistics.import ' || $1, 0))
