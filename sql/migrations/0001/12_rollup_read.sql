-- Reading the statistics of periods: the two functions by which the responder reads offers and callers, offers() and
-- callers(), and what they are made of. A file of its own because an answer runs nothing else of the roll-up than these
-- and 11_rollup_add.sql.

-- Which ranges of calls and of buckets make up one or more periods of a queue. Offers and callers have the same ranges.
-- Arguments are those of offers(), which is below and says more.
--   lows, highs                         ranges of calls: from lows[i] on and before highs[i], in Unix seconds
--   sums_widths, sums_lows, sums_highs  ranges of buckets, likewise, in minutes
--   is_even                             each period but the first and the last is one bucket
--
-- No bucket reaches over an edge. A range may: to which period its calls and buckets belong is told by their time.
--
-- The functions that call it have the settings that keep its plans right.
create function queue_statistics.rollup_ranges(
    of_queue bigint, edges bigint[],
    out lows bigint[], out highs bigint[],
    out sums_widths integer[], out sums_lows integer[], out sums_highs integer[], out is_even boolean)
  language plpgsql stable parallel safe
  as $$
declare
  widths  constant integer[] := queue_statistics.rollup_widths();
  last    constant integer := cardinality(edges);
  cuts    bigint[] := edges;   -- no bucket reaches over one of these
  whole   integer[] := '{1}';  -- between cuts[i] and cuts[i + 1], for each i here, there may be whole buckets
  finest  bigint;   -- minutes, as all below but `loose`
  widest  bigint;   -- no bucket is wider; null: it may have any width
  upper   bigint;   -- there are no sums from here on
  loose   bigint := edges[1];  -- seconds: from here on the calls are in no range yet
  -- Between two cuts: [low, high) are the whole finest buckets, [low, clean) the next of them without a dirty minute.
  low     bigint;
  high    bigint;
  clean   bigint;
  dirty   bigint := -1;  -- the first dirty bucket from `low` on
  i       integer;
  at      integer;
  up      bigint;
  down    bigint;
begin
  lows := '{}';
  highs := '{}';
  sums_widths := '{}';
  sums_lows := '{}';
  sums_highs := '{}';
  select w.width, least(w.watermark, edges[last] / 60) into finest, upper
    from queue_statistics.rollup_watermarks w
   where w.queue = of_queue;
  if finest is null then  -- no roll-up has met the queue: all is read from the calls
    finest := 1;
    upper := 0;
  end if;
  if last > 3 and 60 * finest * (last - 3) > edges[last - 1] - edges[2] then
    whole := array[1, last - 1];  -- the inner periods are mostly too short for a bucket
  elsif last > 2 then
    -- Where buckets of a width meet every inner edge, and a period has not many of them, all periods are cut as one,
    -- into buckets of that width at most. So a thousand hours are one range of buckets of an hour.
    select w into widest
      from unnest(widths) w
     where w >= finest and 60::bigint * w * 8 * (last - 3) >= edges[last - 1] - edges[2]
       and edges[2] % (60::bigint * w) = 0 and edges[last - 1] % (60::bigint * w) = 0  -- most fail here, at once
       and not exists (select from unnest(edges[2:last - 1]) e where e % (60::bigint * w) <> 0)
     order by w desc limit 1;
    if widest is not null then
      cuts := array[edges[1], edges[last]];
      is_even := 60 * widest * (last - 3) = edges[last - 1] - edges[2];
    else
      whole := array(select p.n
                       from unnest(edges[:last - 1], edges[2:]) with ordinality p (low, high, n)
                      where p.high / (60 * finest) > (p.low - 1) / (60 * finest));
    end if;
  end if;
  foreach i in array whole loop
    low := (cuts[i] + 60 * finest - 1) / (60 * finest) * finest;
    high := least(cuts[i + 1] / 60, upper) / finest * finest;
    while low < high loop
      if dirty < low then
        select d.minute / finest * finest into dirty
          from queue_statistics.rollup_dirty d
         where d.queue = of_queue and d.minute >= low and d.minute < upper
         order by d.minute limit 1;
        dirty := coalesce(dirty, upper);
      end if;
      clean := least(dirty, high);
      if low < clean then
        if loose < low * 60 then
          lows := lows || loose;
          highs := highs || low * 60;
        end if;
        loose := clean * 60;
        -- The largest buckets that fit: up the widths as early as possible, and down as late as possible.
        at := array_position(widths, finest::integer);
        loop
          up := (low + widths[at + 1] - 1) / widths[at + 1] * widths[at + 1];
          down := clean / widths[at + 1] * widths[at + 1];
          if up is null or up >= down or widths[at] = widest then
            up := clean;
            down := clean;
          end if;
          if low < up then
            sums_widths := sums_widths || widths[at];
            sums_lows := sums_lows || low::integer;
            sums_highs := sums_highs || up::integer;
          end if;
          if down < clean then
            sums_widths := sums_widths || widths[at];
            sums_lows := sums_lows || down::integer;
            sums_highs := sums_highs || clean::integer;
          end if;
          exit when up >= down;
          low := up;
          clean := down;
          at := at + 1;
        end loop;
      end if;
      low := dirty + finest;
    end loop;
  end loop;
  if loose < edges[last] then
    lows := lows || loose;
    highs := highs || edges[last];
  end if;
end
  $$;

-- What to read of the offers: the sums of one or more periods, and the ranges of time whose calls are to be read one by
-- one. Arguments are those of offers().
--
-- A row is sums of a destination and label, or names them (without a destination), or is a range of calls, from `since`
-- on and before `until`, in Unix seconds. Where there are several periods, the sums have in `since` a time of theirs.
--
-- The settings keep its plans right: they are made while the tables may be empty, and must still be index scans and
-- hashes when the tables are full.
create function queue_statistics.offer_parts(
    of_queue bigint, of_destination bigint, edges bigint[], labels integer[])
  returns table (destination bigint, sums text, since bigint, until bigint)
  language plpgsql stable parallel safe rows 20
  set enable_seqscan = off
  set enable_sort = off
  as $$
#variable_conflict use_column
declare
  -- More calls are added up here. Eight calls cost no more than the sums of a period.
  many   constant bigint := 2000 + 8 * (cardinality(edges) - 2);
  ranges record := queue_statistics.rollup_ranges(of_queue, edges);
  few    boolean;    -- the calls are to be read one by one
  ones   integer[];  -- the labels of ranges, where there is one period
  all_labels integer[];
begin
  few := not exists (select
                       from unnest(ranges.lows, ranges.highs) r (low, high)
                      cross join lateral (select
                                            from queue_statistics.queue_destination_calls c
                                           where c.queue = of_queue and c.start >= to_timestamp(r.low)
                                             and c.start < to_timestamp(r.high)
                                          offset 0) c
                     offset many);  -- those of other destinations included
  if few then
    for i in 1 .. cardinality(ranges.lows) loop
      since := ranges.lows[i];
      until := ranges.highs[i];
      return next;
    end loop;
    since := null;
    until := null;
  end if;
  if not few or ranges.sums_lows <> '{}' then
    sums := '(queue,destination,talktime_sum,ringtime_sum,holdtime_sum,first_call,last_call,width,period,answered,'
            'in_progress,no_answer,busy,cancelled,answered_elsewhere,failed,talktime_known,talktime_min,talktime_max,'
            'ringtime_known,ringtime_min,ringtime_max,holdtime_known,holdtime_min,holdtime_max)';
    return next;
    if cardinality(edges) = 2 then
      ones := array_fill(1, array[cardinality(ranges.lows) + cardinality(ranges.sums_lows)]);
    else
      all_labels := coalesce(labels, array(select generate_series(1, cardinality(edges) - 1)));
    end if;
  end if;
  if not few then
    return query
    select s.destination, s::text,
           case when ones is null then edges[coalesce(array_position(labels, s.minute), s.minute)] end, null::bigint
      from queue_statistics.sums_of_calls(of_queue, of_destination, 0, ranges.lows, ranges.highs,
                                          ones[:cardinality(ranges.lows)], edges, all_labels) s;
  end if;
  if ranges.is_even then
    return query
    select s.destination, s::text, s.minute * 60::bigint, null::bigint
      from unnest(ranges.sums_widths, ranges.sums_lows, ranges.sums_highs) r (width, low, high)
     cross join lateral (select *
                           from queue_statistics.rollup_sums s
                          where s.queue = of_queue and s.width = r.width and s.minute >= r.low and s.minute < r.high
                            and s.destination >= coalesce(of_destination, 0)
                            and s.destination <= coalesce(of_destination, 9223372036854775807)
                         offset 0) s;
  elsif ranges.sums_lows <> '{}' then
    return query
    select s.destination, s::text,
           case when ones is null then edges[coalesce(array_position(labels, s.minute), s.minute)] end, null::bigint
      from queue_statistics.sums_of_sums(of_queue, of_destination, 0, ranges.sums_widths, ranges.sums_lows,
                                         ranges.sums_highs, ones[:cardinality(ranges.sums_lows)], edges, all_labels) s;
  end if;
end
  $$;

-- The same of the callers. A row is sums of a label, or names them (`names` is true), or is a range of callers.
create function queue_statistics.caller_parts(of_queue bigint, edges bigint[], labels integer[])
  returns table (names boolean, sums text, since bigint, until bigint)
  language plpgsql stable parallel safe rows 20
  set enable_seqscan = off
  set enable_sort = off
  as $$
#variable_conflict use_column
declare
  -- More callers are added up here. Eight callers cost no more than the sums of a period.
  many   constant bigint := 2000 + 8 * (cardinality(edges) - 2);
  ranges record := queue_statistics.rollup_ranges(of_queue, edges);
  few    boolean;    -- the callers are to be read one by one
  ones   integer[];  -- the labels of ranges, where there is one period
  all_labels integer[];
begin
  few := not exists (select
                       from unnest(ranges.lows, ranges.highs) r (low, high)
                      cross join lateral (select
                                            from queue_statistics.queue_calls c
                                           where c.queue = of_queue and c.entered >= to_timestamp(r.low)
                                             and c.entered < to_timestamp(r.high)
                                          offset 0) c
                     offset many);
  if few then
    for i in 1 .. cardinality(ranges.lows) loop
      since := ranges.lows[i];
      until := ranges.highs[i];
      return next;
    end loop;
    since := null;
    until := null;
  end if;
  if not few or ranges.sums_lows <> '{}' then
    names := true;
    sums := '(queue,talktime_sum,holdtime_sum,abandontime_sum,waittime_sum,first_call,last_call,waiting_since,'
            'width,period,answered,in_progress,waiting,abandoned,timeout,key,empty,other,refused,talktime_known,'
            'talktime_min,talktime_max,holdtime_known,holdtime_min,holdtime_max,abandontime_known,'
            'abandontime_min,abandontime_max,waittime_known,waittime_min,waittime_max,answered_3,answered_5,'
            'answered_10,answered_15,answered_20,answered_25,answered_30,answered_45,answered_60,answered_90,'
            'answered_120,answered_180,answered_240,answered_300,answered_600,answered_900,abandoned_0,'
            'abandoned_3,abandoned_5,abandoned_10,abandoned_15,abandoned_20,abandoned_25,abandoned_30,'
            'abandoned_45,abandoned_60,abandoned_90,abandoned_120,abandoned_180,abandoned_240,abandoned_300,'
            'abandoned_600,abandoned_900)';
    return next;
    if cardinality(edges) = 2 then
      ones := array_fill(1, array[cardinality(ranges.lows) + cardinality(ranges.sums_lows)]);
    else
      all_labels := coalesce(labels, array(select generate_series(1, cardinality(edges) - 1)));
    end if;
  end if;
  if not few then
    return query
    select null::boolean, s::text,
           case when ones is null then edges[coalesce(array_position(labels, s.minute), s.minute)] end, null::bigint
      from queue_statistics.sums_of_callers(of_queue, 0, ranges.lows, ranges.highs,
                                          ones[:cardinality(ranges.lows)], edges, all_labels) s;
  end if;
  if ranges.is_even then
    return query
    select null::boolean, s::text, s.minute * 60::bigint, null::bigint
      from unnest(ranges.sums_widths, ranges.sums_lows, ranges.sums_highs) r (width, low, high)
     cross join lateral (select *
                           from queue_statistics.rollup_caller_sums s
                          where s.queue = of_queue and s.width = r.width and s.minute >= r.low and s.minute < r.high
                         offset 0) s;
  elsif ranges.sums_lows <> '{}' then
    return query
    select null::boolean, s::text,
           case when ones is null then edges[coalesce(array_position(labels, s.minute), s.minute)] end, null::bigint
      from queue_statistics.sums_of_caller_sums(of_queue, 0, ranges.sums_widths, ranges.sums_lows,
                                         ranges.sums_highs, ones[:cardinality(ranges.sums_lows)], edges, all_labels) s;
  end if;
end
  $$;

-- What the offers of a queue are in one or more periods, to be added up by whoever calls the function: each call of the
-- periods is in exactly one row. The rows are exact and fresh, whether a roll-up ran or not, and come in any order.
--   of_queue        id of the queue
--   of_destination  id of a destination of that queue; null: all destinations
--   edges           Unix seconds, ascending, at least two: period i is from edges[i] on until before edges[i + 1]
--   labels          periods with the same number here may be added up together; null: none may
--
-- A row is a destination, a call, or sums. Columns that do not apply are null.
--   destination     id
--   dtype, dnumber  of a destination. Every destination of the queue has a row, unless one destination was asked for
--   removed         of a destination: it is no longer current
--   outcome, in_progress, talktime, ringtime, holdtime   of a call
--   start           of a call; the call's period follows from it. Of sums, where there are several periods: a time of
--                   theirs, or of one with the same label
--   sums            of sums: a record in text form, such as (3,0,1,,). Before the first such row comes a row without a
--                   destination that names them, in the same form: (answered,in_progress,...). An outcome's name: how
--                   many calls had it; in_progress: how many still talk; first_call, last_call: the first and the last
--                   start, Unix seconds; ..._known, ..._sum, ..._min, ..._max: see rollup_sums
--
-- On a router all rows come packed into one, which has nothing but `sums`: the word `rows`, then the rows as records in
-- text form, one after another, moments in Unix seconds.
--
-- A period of few calls comes as these calls, which costs less than adding them up. There are never more than 2,000
-- calls and 8 for each further period among the rows: more, such as those of years that no roll-up has summed, come
-- added up. The rest is at most two rows of sums per destination and label.
--
-- A plain SQL function, which the planner puts into the query around it. Whoever calls the function needs the right to
-- read destinations, calls and roll-up tables. It only reads, and it does not ask who may see the queue. It locks the
-- calls before the sums, in the order in which TRUNCATE locks them.
create function queue_statistics.offers(
    of_queue bigint, of_destination bigint, edges bigint[], labels integer[] default null)
  returns table (destination bigint, dtype text, dnumber text, removed boolean,
                 outcome queue_statistics.call_outcome, in_progress boolean, talktime integer, ringtime integer,
                 holdtime integer, start timestamptz, sums text)
  language sql stable parallel safe
  as $$
  with few as materialized (  -- whether the calls are read: at most three finest buckets, and not too many calls
    select not exists (select
                         from queue_statistics.rollup_watermarks w
                        where w.queue = of_queue
                          and least(edges[cardinality(edges)] / 60, w.watermark) - edges[1] / 60 > 3 * w.width)
           and not exists (select
                             from queue_statistics.queue_destination_calls c
                            where c.queue = of_queue and c.start >= to_timestamp(edges[1])
                              and c.start < to_timestamp(edges[cardinality(edges)])
                           offset 2000) as calls
  ),
  part as materialized (
    select null::bigint as destination, null::text as sums, edges[1] as since,
           edges[cardinality(edges)] as until
     where (select few.calls from few)
     union all
    select *
      from queue_statistics.offer_parts(of_queue, of_destination, edges, labels)
     where not (select few.calls from few)
  )
  select d.id, d.dtype, d.dnumber, d.removed is not null, null::queue_statistics.call_outcome, null::boolean,
         null::integer, null::integer, null::integer, null::timestamptz, null::text
    from queue_statistics.queue_destinations d
   where d.queue = of_queue and of_destination is null
   union all
  select c.destination, null, null, null, c.outcome, c.in_progress, c.talktime, c.ringtime, c.holdtime,
         c.start, null
    from part
   cross join lateral (select c.destination, c.outcome, c.in_progress, c.talktime, c.ringtime, c.holdtime, c.start
                         from queue_statistics.queue_destination_calls c
                        where c.queue = of_queue
                          and c.start >= to_timestamp(part.since) and c.start < to_timestamp(part.until)
                          and (of_destination is null or c.destination = of_destination)
                       offset 0) c  -- one index scan per range
   union all
  select part.destination, null, null, null, null, null, null, null, null, to_timestamp(part.since), part.sums
    from part
   where part.sums is not null
  $$;

-- What the callers of a queue are in one or more periods, to be added up like the offers: each caller who entered in
-- the periods is in exactly one row.
--   of_queue       id of the queue
--   edges, labels  as those of offers()
--
-- A row is a caller, or sums. Columns that do not apply are null.
--   outcome, in_progress, waittime, talktime   of a caller
--   entered   of a caller; the caller's period follows from it. Of sums as `start` of offers()
--   names     true in the row that names the sums, which comes before the first sums; else null
--   sums      of sums: a record in text form, as that of offers(). An outcome's name: how many callers had it;
--             in_progress: how many still talk; the others: see rollup_caller_sums
--
-- Among the rows are never more than 2,000 callers and 8 for each further period, and at most two rows of sums per
-- label. What offers() says of the planner, of rights and of locks is true here too.
create function queue_statistics.callers(of_queue bigint, edges bigint[], labels integer[] default null)
  returns table (outcome queue_statistics.caller_outcome, in_progress boolean, waittime integer, talktime integer,
                 entered timestamptz, names boolean, sums text)
  language sql stable parallel safe
  as $$
  with few as materialized (
    select not exists (select
                         from queue_statistics.rollup_watermarks w
                        where w.queue = of_queue
                          and least(edges[cardinality(edges)] / 60, w.watermark) - edges[1] / 60 > 3 * w.width)
           and not exists (select
                             from queue_statistics.queue_calls c
                            where c.queue = of_queue and c.entered >= to_timestamp(edges[1])
                              and c.entered < to_timestamp(edges[cardinality(edges)])
                           offset 2000) as calls
  ),
  part as materialized (
    select null::boolean as names, null::text as sums, edges[1] as since, edges[cardinality(edges)] as until
     where (select few.calls from few)
     union all
    select *
      from queue_statistics.caller_parts(of_queue, edges, labels)
     where not (select few.calls from few)
  )
  select c.outcome, c.in_progress, c.waittime, c.talktime, c.entered, null::boolean, null::text
    from part
   cross join lateral (select c.outcome, c.in_progress, c.waittime, c.talktime, c.entered
                         from queue_statistics.queue_calls c
                        where c.queue = of_queue
                          and c.entered >= to_timestamp(part.since) and c.entered < to_timestamp(part.until)
                       offset 0) c  -- one index scan per range
   union all
  select null, null, null, null, to_timestamp(part.since), part.names, part.sums
    from part
   where part.sums is not null
  $$;
