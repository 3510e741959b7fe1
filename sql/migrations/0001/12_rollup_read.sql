-- Reading the statistics of a period: the one function by which the responder reads calls. A file of its own because an
-- answer runs nothing else of the roll-up, and the responder's role may execute nothing else of it but total().

-- The statistics of a queue's calls in a period, one row per destination that has calls in it. The figures are exact
-- and fresh, as if all calls were added up.
--   of_queue        id of the queue
--   of_destination  id of a destination of that queue; null: all destinations
--   since, until    Unix seconds; a call at since is in the period, a call at until is not
--
-- Result: the destination's id; its calls by outcome, and those in progress; for each of three times the number of
-- calls with that time known, and the sum, minimum and maximum in seconds, null when no call has it known; the starts
-- of the first and the last call.
--
-- This is a plain SQL function, which the planner puts into the query around it. Whoever calls the function needs the
-- right to read calls and roll-up tables. It only reads, and it does not ask who may see the queue. It locks the calls
-- before the sums, because the calls stand first in the query. TRUNCATE locks in the same order.
create function queue_statistics.call_statistics(of_queue bigint, of_destination bigint, since bigint, until bigint)
  returns table (
    destination bigint, answered bigint, in_progress bigint, no_answer bigint, busy bigint, cancelled bigint,
    answered_elsewhere bigint, failed bigint,
    talktime_known bigint, talktime_sum bigint, talktime_min integer, talktime_max integer,
    ringtime_known bigint, ringtime_sum bigint, ringtime_min integer, ringtime_max integer,
    holdtime_known bigint, holdtime_sum bigint, holdtime_min integer, holdtime_max integer,
    first_call timestamptz, last_call timestamptz)
  language sql stable parallel safe
  as $$
  with period as materialized (  -- low, high: the first and the last boundary of a finest bucket in the period
    select level, width, low, greatest(low, least(until / 60, watermark) / width * width) as high
      from (select level, width, watermark, (since + 60 * width - 1) / (60 * width) * width as low
              from (select coalesce(max(m.level), 0) as level, 1::bigint << coalesce(2 * max(m.level), 0) as width,
                           coalesce(max(m.watermark), 0) as watermark
                      from queue_statistics.rollup_watermarks m
                     where m.queue = of_queue) m) m
  ),
  dirty as materialized (
    select distinct d.minute / p.width * p.width as minute
      from period p
      join queue_statistics.rollup_dirty d on d.queue = of_queue and d.minute >= p.low and d.minute < p.high
  ),
  parts as (
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
      from (select since as low, least(p.low * 60, until) as high from period p
             union all
            select p.high * 60, until from period p
             union all
            select d.minute * 60, (d.minute + p.width) * 60 from period p, dirty d) r
      join queue_statistics.queue_destination_calls c
        on c.queue = of_queue and c.start >= to_timestamp(r.low) and c.start < to_timestamp(r.high)
       and c.destination >= coalesce(of_destination, 0)
       and c.destination <= coalesce(of_destination, 9223372036854775807)
     group by c.destination
     union all
    select s.destination, sum(s.answered), sum(s.in_progress), sum(s.no_answer), sum(s.busy), sum(s.cancelled),
           sum(s.answered_elsewhere), sum(s.failed),
           sum(s.talktime_known), queue_statistics.total(s.talktime_sum), min(s.talktime_min), max(s.talktime_max),
           sum(s.ringtime_known), queue_statistics.total(s.ringtime_sum), min(s.ringtime_min), max(s.ringtime_max),
           sum(s.holdtime_known), queue_statistics.total(s.holdtime_sum), min(s.holdtime_min), max(s.holdtime_max),
           min(s.first_call), max(s.last_call)
           -- The stretches between dirty buckets. Each stretch is covered by the largest buckets that fit: it goes up
           -- the levels as early as possible and comes down as late as possible. In b, [low, high) are the whole
           -- buckets of a level in the stretch, and [parent_low, parent_high) the whole buckets of the next level.
      from (select lag(x.minute + p.width, 1, p.low) over (order by x.minute) as low, x.minute as high, p.level
              from (select d.minute from dirty d union all select p.high from period p) x, period p) stretch
     cross join lateral generate_series(stretch.level, 13) l (level)
     cross join lateral (select stretch.low + (1::bigint << 2 * l.level) - 1 & -(1::bigint << 2 * l.level) as low,
                                stretch.high & -(1::bigint << 2 * l.level) as high,
                                stretch.low + (4::bigint << 2 * l.level) - 1 & -(4::bigint << 2 * l.level)
                                  as parent_low,
                                stretch.high & -(4::bigint << 2 * l.level) as parent_high) b
     cross join lateral (values (b.low, least(b.parent_low, b.high)),
                                (greatest(b.parent_high, least(b.parent_low, b.high)), b.high)) v (low, high)
     cross join lateral (select *  -- `offset 0`: an index scan per range, however many rows the planner expects
                           from queue_statistics.rollup_sums s
                          where s.queue = of_queue and s.level = l.level and s.minute >= v.low and s.minute < v.high
                            and s.destination >= coalesce(of_destination, 0)
                            and s.destination <= coalesce(of_destination, 9223372036854775807)
                         offset 0) s
     where b.low < b.high and v.low < v.high
     group by s.destination
  )
  select parts.destination, queue_statistics.total(answered), queue_statistics.total(in_progress),
         queue_statistics.total(no_answer), queue_statistics.total(busy), queue_statistics.total(cancelled),
         queue_statistics.total(answered_elsewhere), queue_statistics.total(failed),
         queue_statistics.total(talktime_known), queue_statistics.total(talktime_sum),
         min(talktime_min), max(talktime_max),
         queue_statistics.total(ringtime_known), queue_statistics.total(ringtime_sum),
         min(ringtime_min), max(ringtime_max),
         queue_statistics.total(holdtime_known), queue_statistics.total(holdtime_sum),
         min(holdtime_min), max(holdtime_max), min(first_call), max(last_call)
    from parts
   group by parts.destination
  $$;
