-- The offers to each destination of a queue in a period, for a person who may see the queue.
--
-- $1 bigint  person
-- $2 bigint  queue
-- $3 bigint  start of the period, Unix seconds, included
-- $4 bigint  end of the period, Unix seconds, excluded; at most 253402300800
--
-- No row when the queue is absent or deleted, or the person may not see it. One row with a null destination when the
-- queue has no destinations. Otherwise one row per current destination and per removed one with offers in the period,
-- by dtype, then by dnumber, bytewise (both columns are collate "C"):
--   destination, dtype, dnumber
--   talktime_sum, _min, _max                                         seconds, of offers whose time is known
--   talktime_known                                                   offers whose time is known
--   answered, in_progress, no_answer, busy, cancelled, answered_elsewhere, failed    offers
--   ringtime_...; holdtime_...                                       as talktime_...
--   first_call, last_call                                            start of an offer, Unix seconds, rounded down
-- All figures of a destination without offers are null; a sum, min or max is null when no time is known.
--
-- Served by queues_pkey and queue_destinations_pkey. call_statistics is served by rollup_watermarks_pkey,
-- rollup_dirty_queue_minute, rollup_sums_pkey and queue_destination_calls_start, the last by index-only scans.
select d.id as destination, d.dtype, d.dnumber,
       s.talktime_sum, s.talktime_min, s.talktime_max, s.talktime_known,
       s.answered, s.in_progress, s.no_answer, s.busy, s.cancelled, s.answered_elsewhere, s.failed,
       s.ringtime_sum, s.ringtime_min, s.ringtime_max, s.ringtime_known,
       s.holdtime_sum, s.holdtime_min, s.holdtime_max, s.holdtime_known,
       floor(extract(epoch from s.first_call))::bigint as first_call,
       floor(extract(epoch from s.last_call))::bigint as last_call
  from queue_statistics.queues q
  left join (
    queue_statistics.queue_destinations d
    left join queue_statistics.call_statistics($2, null, $3, $4) s on s.destination = d.id
  ) on d.queue = q.id and (d.removed is null or s.destination is not null)
 where q.id = $2::bigint and not q.deleted and queue_statistics.may_see_queue($1::bigint, q.id)
 order by d.dtype, d.dnumber
