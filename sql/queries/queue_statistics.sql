-- The offers to each destination of a queue in one or more periods, for a person who may see the queue.
--
-- $1 bigint     person
-- $2 bigint     queue
-- $3 bigint[]   edges of the periods, as offers() takes them, at most 253402300800
-- $4 integer[]  their labels, likewise
--
-- No row when the queue is absent or deleted, or the person may not see it. Otherwise the rows of offers(), or one row
-- of nulls when there are none.
--
-- Served by queues_pkey and queue_destinations_pkey. offers() is served by rollup_watermarks_pkey,
-- rollup_dirty_queue_minute, rollup_sums_pkey and queue_destination_calls_start, the last by index-only scans.
select o.*
  from queue_statistics.queues q
  left join queue_statistics.offers($2, null, $3::bigint[], $4::integer[]) o on true
 where q.id = $2::bigint and not q.deleted and queue_statistics.may_see_queue($1::bigint, q.id)
