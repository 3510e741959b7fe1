-- Adding up: the two functions that say what a sum is, of calls and of sums. A file of its own because an answer
-- (12_rollup_read.sql) and the roll-up (13_rollup_step.sql) must add up alike.
--
-- Both functions take ranges, and return one row per destination and `label` that has calls in the ranges of that
-- label: the sums, with the label in the column `minute` and `as_width` in the column `width`. Both only read, know
-- nothing of watermarks and dirty minutes, and are plain SQL, which the planner puts into the query around it. `offset
-- 0` makes it one index scan per range, whatever the planner thinks of their number. `of_destination` null: all
-- destinations.

-- The sums of calls. Range i is the calls that start from lows[i] on and before highs[i], in Unix seconds.
create function queue_statistics.sums_of_calls(
    of_queue bigint, of_destination bigint, as_width integer, lows bigint[], highs bigint[], labels integer[])
  returns setof queue_statistics.rollup_sums
  language sql stable
  as $$
  select of_queue, c.destination, sum(c.talktime) as talktime_sum, sum(c.ringtime) as ringtime_sum,
         sum(c.holdtime) as holdtime_sum, queue_statistics.unix_second(min(c.start)) as first_call,
         queue_statistics.unix_second(max(c.start)) as last_call, as_width as width, r.label as minute,
         count(*) filter (where c.outcome = 'answered') as answered,
         count(*) filter (where c.in_progress) as in_progress,
         count(*) filter (where c.outcome = 'no_answer') as no_answer,
         count(*) filter (where c.outcome = 'busy') as busy,
         count(*) filter (where c.outcome = 'cancelled') as cancelled,
         count(*) filter (where c.outcome = 'answered_elsewhere') as answered_elsewhere,
         count(*) filter (where c.outcome = 'failed') as failed,
         count(c.talktime) as talktime_known, min(c.talktime) as talktime_min, max(c.talktime) as talktime_max,
         count(c.ringtime) as ringtime_known, min(c.ringtime) as ringtime_min, max(c.ringtime) as ringtime_max,
         count(c.holdtime) as holdtime_known, min(c.holdtime) as holdtime_min, max(c.holdtime) as holdtime_max
    from unnest(lows, highs, labels) r (low, high, label)
   cross join lateral (select c.destination, c.outcome, c.in_progress, c.talktime, c.ringtime, c.holdtime, c.start
                         from queue_statistics.queue_destination_calls c
                        where c.queue = of_queue and c.start >= to_timestamp(r.low) and c.start < to_timestamp(r.high)
                          and (of_destination is null or c.destination = of_destination)
                       offset 0) c
   group by r.label, c.destination
  $$;

-- The sums of sums. Range i is the buckets of widths[i] that start from the minute lows[i] on and before highs[i].
create function queue_statistics.sums_of_sums(
    of_queue bigint, of_destination bigint, as_width integer, widths integer[], lows integer[], highs integer[],
    labels integer[])
  returns setof queue_statistics.rollup_sums
  language sql stable
  as $$
  select of_queue, s.destination, queue_statistics.total(s.talktime_sum), queue_statistics.total(s.ringtime_sum),
         queue_statistics.total(s.holdtime_sum), min(s.first_call), max(s.last_call), as_width, r.label,
         sum(s.answered), sum(s.in_progress), sum(s.no_answer), sum(s.busy), sum(s.cancelled),
         sum(s.answered_elsewhere), sum(s.failed),
         sum(s.talktime_known), min(s.talktime_min), max(s.talktime_max),
         sum(s.ringtime_known), min(s.ringtime_min), max(s.ringtime_max),
         sum(s.holdtime_known), min(s.holdtime_min), max(s.holdtime_max)
    from unnest(widths, lows, highs, labels) r (width, low, high, label)
   cross join lateral (select *
                         from queue_statistics.rollup_sums s
                        where s.queue = of_queue and s.width = r.width and s.minute >= r.low and s.minute < r.high
                          and s.destination >= coalesce(of_destination, 0)
                          and s.destination <= coalesce(of_destination, 9223372036854775807)
                       offset 0) s
   group by r.label, s.destination
  $$;
