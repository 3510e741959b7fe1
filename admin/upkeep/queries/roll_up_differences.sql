-- Where a queue's sums differ from its calls.
--
-- $1 bigint  queue
--
-- One row per difference:
--   queue         bigint
--   width         integer    of the bucket, minutes
--   since, until  timestamp  of the bucket, UTC
--   destination   bigint     null: the sums of the callers
--   difference    text       in words
select $1::bigint, width, since at time zone 'UTC', until at time zone 'UTC', destination, difference
  from queue_statistics.rollup_differences($1::bigint)
