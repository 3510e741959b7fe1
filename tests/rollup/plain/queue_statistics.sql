-- What sql/queries/queue_statistics.sql must answer, computed by adding up all calls of the period. Parameters and
-- columns are the same.
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
    left join (
      select c.destination,
             count(*) filter (where c.outcome = 'answered') as answered,
             count(*) filter (where c.in_progress) as in_progress,
             count(*) filter (where c.outcome = 'no_answer') as no_answer,
             count(*) filter (where c.outcome = 'busy') as busy,
             count(*) filter (where c.outcome = 'cancelled') as cancelled,
             count(*) filter (where c.outcome = 'answered_elsewhere') as answered_elsewhere,
             count(*) filter (where c.outcome = 'failed') as failed,
             count(c.talktime) as talktime_known, sum(c.talktime) as talktime_sum,
             min(c.talktime) as talktime_min, max(c.talktime) as talktime_max,
             count(c.ringtime) as ringtime_known, sum(c.ringtime) as ringtime_sum,
             min(c.ringtime) as ringtime_min, max(c.ringtime) as ringtime_max,
             count(c.holdtime) as holdtime_known, sum(c.holdtime) as holdtime_sum,
             min(c.holdtime) as holdtime_min, max(c.holdtime) as holdtime_max,
             min(c.start) as first_call, max(c.start) as last_call
        from queue_statistics.queue_destination_calls c
       where c.queue = $2 and c.start >= to_timestamp($3::bigint) and c.start < to_timestamp($4::bigint)
       group by c.destination
    ) s on s.destination = d.id
  ) on d.queue = q.id and (d.removed is null or s.destination is not null)
 where q.id = $2::bigint and not q.deleted and queue_statistics.may_see_queue($1::bigint, q.id)
 order by d.dtype, d.dnumber
