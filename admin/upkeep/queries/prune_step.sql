-- Deletes up to 10,000 of a queue's oldest calls.
--
-- $1 bigint  queue
-- $2 date    calls that started before this day, UTC
--
-- One row:
--   deleted  bigint  how many calls
--
-- Served by queue_destination_calls_start.
select queue_statistics.prune_step($1::bigint, $2::date::timestamp at time zone 'UTC', 10000)
