-- Deletes up to 10,000 of a queue's oldest calls.
--
-- $1 bigint  queue
-- $2 date    those that started before this day, UTC
--
-- One row: how many it were.
select queue_statistics.prune_step($1::bigint, $2::date::timestamp at time zone 'UTC', 10000)
