-- The offers to one destination, current or removed, in a period, for a person who may see its queue.
--
-- $1 bigint  person
-- $2 bigint  destination
-- $3 bigint  start of the period, Unix seconds, included
-- $4 bigint  end of the period, Unix seconds, excluded; at most 253402300800
--
-- No row when the destination is absent, its queue is deleted, or the person may not see the queue. Otherwise one row
-- with the columns of queue_statistics.sql from `talktime_sum` on.
--
-- Served by queue_destinations_id_key and queues_pkey. call_statistics is served by rollup_watermarks_pkey,
-- rollup_dirty_queue_minute, rollup_sums_pkey and queue_destination_calls_start, the last by index-only scans.
select s.talktime_sum, s.talktime_min, s.talktime_max, s.talktime_known,
       s.answered, s.in_progress, s.no_answer, s.busy, s.cancelled, s.answered_elsewhere, s.failed,
       s.ringtime_sum, s.ringtime_min, s.ringtime_max, s.ringtime_known,
       s.holdtime_sum, s.holdtime_min, s.holdtime_max, s.holdtime_known,
       floor(extract(epoch from s.first_call))::bigint as first_call,
       floor(extract(epoch from s.last_call))::bigint as last_call
  from queue_statistics.queue_destinations d
  join queue_statistics.queues q on q.id = d.queue and not q.deleted
  left join lateral queue_statistics.call_statistics(d.queue, d.id, $3, $4) s on true
 where d.id = $2::bigint and queue_statistics.may_see_queue($1::bigint, d.queue)
