-- Where a queue's sums differ from its calls.
--
-- $1 bigint  queue
--
-- One row a difference: queue, level, from and until (UTC) of the bucket, destination, difference in words.
select $1::bigint, level, since at time zone 'UTC', until at time zone 'UTC', destination, difference
  from queue_statistics.rollup_differences($1::bigint)
