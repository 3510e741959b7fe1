-- Where this server's WAL ends.
--
-- One row:
--   lsn  text
select pg_current_wal_lsn()
