-- The statistics of a queue's destinations in a period, for a person who may see the queue.
--
-- $1 bigint  person
-- $2 bigint  queue
-- $3 bigint  start of the period, Unix seconds
-- $4 bigint  its end, Unix seconds, not in the period; up to 253402300800
--
-- No row: the queue is absent, deleted, or not for this person. One row with a null destination: no destinations.
-- Otherwise a row for every current destination and every removed one with calls in the period, by dtype, then dnumber,
-- bytewise (both columns are collate "C"):
--   destination, dtype, dnumber
--   answered, in_progress, no_answer, busy, cancelled, answered_elsewhere, failed    offers
--   talktime_known, _sum, _min, _max; ringtime_...; holdtime_...                      offers with a known time; seconds
--   first_call, last_call                                            start of an offer, Unix seconds rounded down
-- Counts and sums are 0 when there is nothing to count; min, max, first and last are null then.
--
-- Served by queues_pkey, queue_destinations_pkey, and by what serves call_statistics: rollup_watermarks_pkey,
-- rollup_dirty_queue_minute, rollup_sums_pkey and, without visiting the table, queue_destination_calls_start.
select d.id as destination, d.dtype, d.dnumber,
       coalesce(s.answered, 0), coalesce(s.in_progress, 0), coalesce(s.no_answer, 0), coalesce(s.busy, 0),
       coalesce(s.cancelled, 0), coalesce(s.answered_elsewhere, 0), coalesce(s.failed, 0),
       coalesce(s.talktime_known, 0), coalesce(s.talktime_sum, 0), s.talktime_min, s.talktime_max,
       coalesce(s.ringtime_known, 0), coalesce(s.ringtime_sum, 0), s.ringtime_min, s.ringtime_max,
       coalesce(s.holdtime_known, 0), coalesce(s.holdtime_sum, 0), s.holdtime_min, s.holdtime_max,
       floor(extract(epoch from s.first_call))::bigint, floor(extract(epoch from s.last_call))::bigint
  from queue_statistics.queues q
  left join (
    queue_statistics.queue_destinations d
    left join queue_statistics.call_statistics($2, null, $3, $4) s on s.destination = d.id
  ) on d.queue = q.id and (d.removed is null or s.destination is not null)
 where q.id = $2::bigint and not q.deleted and queue_statistics.may_see_queue($1::bigint, q.id)
 order by d.dtype, d.dnumber
