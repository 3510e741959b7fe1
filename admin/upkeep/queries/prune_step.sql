-- Deletes up to 10,000 of a queue's oldest offers and as many callers, and what they add to the sums. It runs in a
-- transaction with the locks of a roll-up (in_roll_up in admin/upkeep/sums.cpp).
--
-- $1 bigint  queue
-- $2 date    those from before this day, UTC
--
-- One row:
--   offers   bigint  how many were deleted
--   callers  bigint
--
-- Served by queue_destination_calls_start and queue_calls_entered.
select offers, callers
  from queue_statistics.prune_step($1::bigint, $2::date::timestamp at time zone 'UTC', 10000)
