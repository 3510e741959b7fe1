-- The callers of a queue in one or more periods, for a person who may see the queue.
--
-- $1 bigint     person
-- $2 bigint     queue
-- $3 bigint[]   edges of the periods, as callers() takes them, at most 253402300800
-- $4 integer[]  their labels, likewise
--
-- No row when the queue is absent or deleted, or the person may not see it. Otherwise the rows of callers(), or one row
-- of nulls when there are none.
--
-- Served by queues_pkey. callers() is served by rollup_watermarks_pkey, rollup_dirty_queue_minute,
-- rollup_caller_sums_pkey and queue_calls_entered, the last by index-only scans.
select c.*
  from queue_statistics.queues q
  left join queue_statistics.callers($2, $3::bigint[], $4::integer[]) c on true
 where q.id = $2::bigint and not q.deleted and queue_statistics.may_see_queue($1::bigint, q.id)
