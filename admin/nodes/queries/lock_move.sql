-- Takes the lock by which one `shard move` at a time works on a shard, until the session ends.
--
-- One row:
--   is_ours  boolean
select pg_try_advisory_lock(hashtext('queue-statistics shard move'), 0)
