-- When the first and the last caller of a queue came in a period, refused ones included, for a person who may see the
-- queue.
--
-- $1 bigint  person
-- $2 bigint  queue
-- $3 bigint  start of the period, Unix seconds
-- $4 bigint  end of the period, exclusive, at most 253402300800
--
-- No row when the queue is absent or deleted, or the person may not see it. Otherwise one row; first and last are null
-- when there are no callers.
--
-- Served by queues_pkey, and twice by queue_calls_entered.
select s.first, s.last
  from queue_statistics.queues q
  left join queue_statistics.caller_span($2::bigint, $3::bigint, $4::bigint) s on true
 where q.id = $2::bigint and not q.deleted and queue_statistics.may_see_queue($1::bigint, q.id)
