-- What sql/queries/queue_statistics.sql must answer, computed by adding up all calls of the period. Parameters and
-- columns are the same.
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
