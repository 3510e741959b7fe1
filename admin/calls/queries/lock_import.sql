-- Waits until no other import for the customer runs: two imports at once would both find the same offers missing. The
-- lock ends with the transaction.
--
-- $1 bigint  customer
select pg_advisory_xact_lock(hashtextextended('queue_statistics.import ' || $1, 0))
