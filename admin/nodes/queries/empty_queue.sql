-- Deletes up to 10,000 rows of what is left of a queue without calls. It runs in a transaction with the locks of a
-- roll-up (in_turn in admin/upkeep/sums.cpp).
--
-- $1 bigint  queue
--
-- One row:
--   more  boolean
--
-- Served by the keys of rollup_sums, rollup_caller_sums and queue_destinations, and by rollup_dirty_queue_minute.
select queue_statistics.empty_queue_step($1::bigint, 10000)
