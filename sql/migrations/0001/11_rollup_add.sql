-- Adding up: the functions that say what a sum is, of calls and of sums, for offers and for callers. A file of its own
-- because an answer (12_rollup_read.sql) and the roll-up (13_rollup_step.sql) must add up alike.
--
-- All take ranges, and return one row per label (and destination, of offers) that has calls in the ranges of that
-- label: the sums, with the label in the column `minute` and `as_width` in the column `width`. Range i has the label
-- labels[i]; where that is null, it may have several, and each call or bucket has that of its time (rollup_label()).
--
-- All only read, know nothing of watermarks and dirty minutes, and are plain SQL, which the planner puts into the query
-- around it. `offset 0` makes it one index scan per range, whatever the planner thinks of their number.
-- `of_destination` null: all destinations.

-- The label of a time, in Unix seconds: numbers[n] from edges[n] on and before edges[n + 1]. Who calls it for each row
-- says (select edges): a variable of plpgsql would be made an array anew for each row. The planner puts the function into
-- the query because it uses each argument once.
create function queue_statistics.rollup_label(second bigint, edges bigint[], numbers integer[])
  returns integer
  language sql immutable parallel safe
  as $$ select numbers[width_bucket(second, edges)] $$;

-- The sums of calls. Range i is the calls that start from lows[i] on and before highs[i], in Unix seconds.
create function queue_statistics.sums_of_calls(
    of_queue bigint, of_destination bigint, as_width integer, lows bigint[], highs bigint[], labels integer[],
    edges bigint[] default null, numbers integer[] default null)
  returns setof queue_statistics.rollup_sums
  language sql stable
  as $$
  select of_queue, c.destination, sum(c.talktime) as talktime_sum, sum(c.ringtime) as ringtime_sum,
         sum(c.holdtime) as holdtime_sum, queue_statistics.unix_second(min(c.start)) as first_call,
         queue_statistics.unix_second(max(c.start)) as last_call, as_width as width,
         coalesce(r.label, queue_statistics.rollup_label(queue_statistics.unix_second(c.start), (select edges), numbers)) as minute,
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
   group by 9 /* the label */, c.destination
  $$;

-- The sums of sums. Range i is the buckets of widths[i] that start from the minute lows[i] on and before highs[i].
create function queue_statistics.sums_of_sums(
    of_queue bigint, of_destination bigint, as_width integer, widths integer[], lows integer[], highs integer[],
    labels integer[], edges bigint[] default null, numbers integer[] default null)
  returns setof queue_statistics.rollup_sums
  language sql stable
  as $$
  select of_queue, s.destination, queue_statistics.total(s.talktime_sum), queue_statistics.total(s.ringtime_sum),
         queue_statistics.total(s.holdtime_sum), min(s.first_call), max(s.last_call), as_width,
         coalesce(r.label, queue_statistics.rollup_label(s.minute * 60::bigint, (select edges), numbers)),
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
   group by 9 /* the label */, s.destination
  $$;

-- The sums of callers. Range i is the callers that entered from lows[i] on and before highs[i], in Unix seconds.
create function queue_statistics.sums_of_callers(
    of_queue bigint, as_width integer, lows bigint[], highs bigint[], labels integer[],
    edges bigint[] default null, numbers integer[] default null)
  returns setof queue_statistics.rollup_caller_sums
  language sql stable
  as $$
  select of_queue,
         sum(c.talktime) as talktime_sum, sum(c.holdtime) as holdtime_sum, sum(c.abandontime) as abandontime_sum,
         sum(c.waittime) as waittime_sum,
         queue_statistics.unix_second(min(c.entered) filter (where c.outcome <> 'refused')) as first_call,
         queue_statistics.unix_second(max(c.entered) filter (where c.outcome <> 'refused')) as last_call,
         queue_statistics.unix_second(min(c.entered) filter (where c.outcome = 'waiting')) as waiting_since,
         as_width as width,
         coalesce(r.label, queue_statistics.rollup_label(queue_statistics.unix_second(c.entered), (select edges), numbers)) as minute,
         count(*) filter (where c.outcome = 'answered') as answered,
         count(*) filter (where c.in_progress) as in_progress,
         count(*) filter (where c.outcome = 'waiting') as waiting,
         count(*) filter (where c.outcome = 'abandoned') as abandoned,
         count(*) filter (where c.outcome = 'timeout') as timeout,
         count(*) filter (where c.outcome = 'key') as key,
         count(*) filter (where c.outcome = 'empty') as empty,
         count(*) filter (where c.outcome = 'other') as other,
         count(*) filter (where c.outcome = 'refused') as refused,
         count(c.talktime) as talktime_known, min(c.talktime) as talktime_min, max(c.talktime) as talktime_max,
         count(c.holdtime) as holdtime_known, min(c.holdtime) as holdtime_min, max(c.holdtime) as holdtime_max,
         count(c.abandontime) as abandontime_known, min(c.abandontime) as abandontime_min,
         max(c.abandontime) as abandontime_max,
         count(c.waittime) as waittime_known, min(c.waittime) as waittime_min, max(c.waittime) as waittime_max,
         count(*) filter (where c.answered_in = 3) as answered_3,
         count(*) filter (where c.answered_in = 5) as answered_5,
         count(*) filter (where c.answered_in = 10) as answered_10,
         count(*) filter (where c.answered_in = 15) as answered_15,
         count(*) filter (where c.answered_in = 20) as answered_20,
         count(*) filter (where c.answered_in = 25) as answered_25,
         count(*) filter (where c.answered_in = 30) as answered_30,
         count(*) filter (where c.answered_in = 45) as answered_45,
         count(*) filter (where c.answered_in = 60) as answered_60,
         count(*) filter (where c.answered_in = 90) as answered_90,
         count(*) filter (where c.answered_in = 120) as answered_120,
         count(*) filter (where c.answered_in = 180) as answered_180,
         count(*) filter (where c.answered_in = 240) as answered_240,
         count(*) filter (where c.answered_in = 300) as answered_300,
         count(*) filter (where c.answered_in = 600) as answered_600,
         count(*) filter (where c.answered_in = 900) as answered_900,
         count(*) filter (where c.abandoned_in = 0) as abandoned_0,
         count(*) filter (where c.abandoned_in = 3) as abandoned_3,
         count(*) filter (where c.abandoned_in = 5) as abandoned_5,
         count(*) filter (where c.abandoned_in = 10) as abandoned_10,
         count(*) filter (where c.abandoned_in = 15) as abandoned_15,
         count(*) filter (where c.abandoned_in = 20) as abandoned_20,
         count(*) filter (where c.abandoned_in = 25) as abandoned_25,
         count(*) filter (where c.abandoned_in = 30) as abandoned_30,
         count(*) filter (where c.abandoned_in = 45) as abandoned_45,
         count(*) filter (where c.abandoned_in = 60) as abandoned_60,
         count(*) filter (where c.abandoned_in = 90) as abandoned_90,
         count(*) filter (where c.abandoned_in = 120) as abandoned_120,
         count(*) filter (where c.abandoned_in = 180) as abandoned_180,
         count(*) filter (where c.abandoned_in = 240) as abandoned_240,
         count(*) filter (where c.abandoned_in = 300) as abandoned_300,
         count(*) filter (where c.abandoned_in = 600) as abandoned_600,
         count(*) filter (where c.abandoned_in = 900) as abandoned_900
    from unnest(lows, highs, labels) r (low, high, label)
   cross join lateral (select c.outcome, c.in_progress, c.talktime, c.waittime, c.entered,
                              case when c.outcome = 'answered' then c.waittime end as holdtime,
                              case when c.outcome = 'abandoned' then c.waittime end as abandontime,
                              case when c.outcome = 'answered' then queue_statistics.rollup_bin(c.waittime)
                                   end as answered_in,
                              case when c.outcome = 'abandoned' and c.waittime = 0 then 0
                                   when c.outcome = 'abandoned' then queue_statistics.rollup_bin(c.waittime)
                                   end as abandoned_in
                         from queue_statistics.queue_calls c
                        where c.queue = of_queue and c.entered >= to_timestamp(r.low)
                          and c.entered < to_timestamp(r.high)
                       offset 0) c
   group by 10  -- the label
  $$;

-- The sums of callers' sums. Range i is the buckets of widths[i] that start from the minute lows[i] on and before
-- highs[i].
create function queue_statistics.sums_of_caller_sums(
    of_queue bigint, as_width integer, widths integer[], lows integer[], highs integer[], labels integer[],
    edges bigint[] default null, numbers integer[] default null)
  returns setof queue_statistics.rollup_caller_sums
  language sql stable
  as $$
  select of_queue, queue_statistics.total(s.talktime_sum), queue_statistics.total(s.holdtime_sum),
         queue_statistics.total(s.abandontime_sum), queue_statistics.total(s.waittime_sum), min(s.first_call),
         max(s.last_call), min(s.waiting_since), as_width,
         coalesce(r.label, queue_statistics.rollup_label(s.minute * 60::bigint, (select edges), numbers)),
         sum(s.answered), sum(s.in_progress), sum(s.waiting), sum(s.abandoned), sum(s.timeout), sum(s.key),
         sum(s.empty), sum(s.other), sum(s.refused),
         sum(s.talktime_known), min(s.talktime_min), max(s.talktime_max), sum(s.holdtime_known), min(s.holdtime_min),
         max(s.holdtime_max), sum(s.abandontime_known), min(s.abandontime_min), max(s.abandontime_max),
         sum(s.waittime_known), min(s.waittime_min), max(s.waittime_max), sum(s.answered_3), sum(s.answered_5),
         sum(s.answered_10), sum(s.answered_15), sum(s.answered_20), sum(s.answered_25), sum(s.answered_30),
         sum(s.answered_45), sum(s.answered_60), sum(s.answered_90), sum(s.answered_120), sum(s.answered_180),
         sum(s.answered_240), sum(s.answered_300), sum(s.answered_600), sum(s.answered_900), sum(s.abandoned_0),
         sum(s.abandoned_3), sum(s.abandoned_5), sum(s.abandoned_10), sum(s.abandoned_15), sum(s.abandoned_20),
         sum(s.abandoned_25), sum(s.abandoned_30), sum(s.abandoned_45), sum(s.abandoned_60), sum(s.abandoned_90),
         sum(s.abandoned_120), sum(s.abandoned_180), sum(s.abandoned_240), sum(s.abandoned_300), sum(s.abandoned_600),
         sum(s.abandoned_900)
    from unnest(widths, lows, highs, labels) r (width, low, high, label)
   cross join lateral (select *
                         from queue_statistics.rollup_caller_sums s
                        where s.queue = of_queue and s.width = r.width and s.minute >= r.low and s.minute < r.high
                       offset 0) s
   group by 10  -- the label
  $$;
