-- Making sums, in bounded steps.

-- The sums of some buckets of one level, as the calls give them.
create function queue_statistics.rollup_of_calls(of_queue bigint, of_level integer, minutes integer[])
  returns setof queue_statistics.rollup_sums
  language sql stable
  as $$
  select of_queue, c.destination, sum(c.talktime), sum(c.ringtime), sum(c.holdtime), min(c.start), max(c.start),
         b.minute,
         count(*) filter (where c.outcome = 'answered')::integer,
         count(*) filter (where c.in_progress)::integer,
         count(*) filter (where c.outcome = 'no_answer')::integer,
         count(*) filter (where c.outcome = 'busy')::integer,
         count(*) filter (where c.outcome = 'cancelled')::integer,
         count(*) filter (where c.outcome = 'answered_elsewhere')::integer,
         count(*) filter (where c.outcome = 'failed')::integer,
         count(c.talktime)::integer, min(c.talktime), max(c.talktime),
         count(c.ringtime)::integer, min(c.ringtime), max(c.ringtime),
         count(c.holdtime)::integer, min(c.holdtime), max(c.holdtime), of_level::smallint
    from unnest(minutes) b (minute)
   cross join lateral (select *  -- `offset 0`: one index scan per bucket, whatever the planner thinks of their number
                         from queue_statistics.queue_destination_calls c
                        where c.queue = of_queue and c.start >= to_timestamp(b.minute * 60::bigint)
                          and c.start < to_timestamp((b.minute + (1::bigint << 2 * of_level)) * 60)
                       offset 0) c
   group by b.minute, c.destination
  $$;

-- Makes the sums of a queue anew in the levels from `lowest` to `highest`, for all their buckets that have one of
-- `minutes` in them and end at or before the watermark: the lowest level from calls, each other level from the one
-- below. Returns the number of calls in the fullest bucket of the lowest level.
create function queue_statistics.rollup_compute(
    of_queue bigint, lowest integer, highest integer, minutes integer[], watermark integer)
  returns bigint
  language plpgsql
  as $$
declare
  buckets integer[] := minutes;
  width   bigint;
  fullest bigint;
begin
  for at_level in lowest..highest loop
    width := 1::bigint << 2 * at_level;
    buckets := array(select distinct (minute & -width)::integer
                       from unnest(buckets) minute
                      where (minute & -width) + width <= watermark
                      order by 1);
    exit when buckets = '{}';
    delete from queue_statistics.rollup_sums s
     where s.queue = of_queue and s.level = at_level and s.minute = any (buckets);
    if at_level = lowest then
      with made as (
        insert into queue_statistics.rollup_sums
        select * from queue_statistics.rollup_of_calls(of_queue, at_level, buckets)
        returning minute, answered + no_answer + busy + cancelled + answered_elsewhere + failed as calls
      )
      select max(calls) into fullest from (select sum(calls) as calls from made group by made.minute) bucket;
    else
      insert into queue_statistics.rollup_sums
      select of_queue, s.destination, queue_statistics.total(s.talktime_sum), queue_statistics.total(s.ringtime_sum),
             queue_statistics.total(s.holdtime_sum), min(s.first_call), max(s.last_call), b.minute,
             sum(s.answered), sum(s.in_progress), sum(s.no_answer), sum(s.busy), sum(s.cancelled),
             sum(s.answered_elsewhere), sum(s.failed),
             sum(s.talktime_known), min(s.talktime_min), max(s.talktime_max),
             sum(s.ringtime_known), min(s.ringtime_min), max(s.ringtime_max),
             sum(s.holdtime_known), min(s.holdtime_min), max(s.holdtime_max), at_level
        from unnest(buckets) b (minute)
       cross join lateral (select *
                             from queue_statistics.rollup_sums s
                            where s.queue = of_queue and s.level = at_level - 1
                              and s.minute >= b.minute and s.minute < b.minute + width
                           offset 0) s
       group by b.minute, s.destination;
    end if;
  end loop;
  return coalesce(fullest, 0);
end
  $$;

-- A stretch [since, until) that one transaction sums: at most about 20,000 calls and 4,096 buckets, at least one bucket
-- unless none is complete by `sealed`. Empty time before the first call is skipped: minutes has the first bucket, in
-- whose parents earlier calls may wait for the stretch, and those that may have calls.
create function queue_statistics.rollup_stretch(
    of_queue bigint, of_level integer, since integer, sealed integer, out until integer, out minutes integer[])
  language plpgsql stable
  as $$
declare
  width constant bigint := 1::bigint << 2 * of_level;
  upper constant bigint := sealed & -width;
  first   bigint;
  full_at timestamptz;
begin
  select queue_statistics.rollup_minute(c.start) & -width into first
    from queue_statistics.queue_destination_calls c
   where c.queue = of_queue and c.start >= to_timestamp(since * 60::bigint)
   order by c.start limit 1;
  first := least(first, upper);
  select c.start into full_at
    from queue_statistics.queue_destination_calls c
   where c.queue = of_queue and c.start >= to_timestamp(since * 60::bigint) and c.start < to_timestamp(upper * 60)
   order by c.start offset 20000 limit 1;
  until := least(upper, first + 4096 * width);
  if full_at is not null then
    until := least(until, greatest(queue_statistics.rollup_minute(full_at) & -width, first + width));
  end if;
  until := greatest(until, since);
  minutes := since || array(select generate_series(first, until - 1, width)::integer);
end
  $$;

-- The level whose buckets have from 64 to 256 calls, going by a queue's last 20,000 before `sealed`. Fewer make more
-- and larger sums than the calls are worth, more make long ends of a period. At most 9, half a year.
create function queue_statistics.rollup_level(of_queue bigint, sealed integer)
  returns integer
  language sql stable
  as $$
  select coalesce(greatest(0, least(9, floor(log(4,
             256.0 * (sealed - queue_statistics.rollup_minute(min(start)) + 1) / nullif(count(*), 0))))), 9)::integer
    from (select c.start
            from queue_statistics.queue_destination_calls c
           where c.queue = of_queue and c.start < to_timestamp(sealed * 60::bigint)
           order by c.start desc limit 20000) c
  $$;

-- Brings one queue's sums further: the dirty ones, then a stretch after the watermark, or of the finer level that is
-- being added. Returns whether there is more to do.
create function queue_statistics.roll_up_queue(of_queue bigint, sealed integer)
  returns boolean
  language plpgsql
  as $$
declare
  most constant bigint := 2048;  -- calls that a bucket may have before a finer level is added
  m       queue_statistics.rollup_watermarks;
  width   bigint;
  dirty   bigint[];
  minutes integer[];
  stretch record;
  fullest bigint := 0;
  more    boolean := false;
begin
  select * into m from queue_statistics.rollup_watermarks r where r.queue = of_queue;
  if not found then
    m := row(of_queue, queue_statistics.rollup_level(of_queue, sealed), 0, null, null);
    insert into queue_statistics.rollup_watermarks select m.*;
  end if;
  width := 1::bigint << 2 * m.level;

  dirty := array(select distinct d.minute & -width
                   from queue_statistics.rollup_dirty d
                  where d.queue = of_queue and d.minute < m.watermark
                  order by 1 limit 65);
  more := cardinality(dirty) > 64;
  dirty := dirty[:64];
  with gone as (
    delete from queue_statistics.rollup_dirty d
     where d.queue = of_queue
       and (d.minute >= dirty[1] and d.minute < dirty[cardinality(dirty)] + width or d.minute >= m.watermark)
    returning d.minute
  )
  select array_agg(distinct gone.minute::integer) into minutes from gone where gone.minute < m.watermark;
  if minutes is not null then
    fullest := queue_statistics.rollup_compute(of_queue, m.level, 13, minutes, m.watermark);
    if m.next_level is not null then
      perform queue_statistics.rollup_compute(of_queue, m.next_level, m.level - 1, minutes, m.next_watermark);
    end if;
  end if;

  if m.next_level is not null then
    stretch := queue_statistics.rollup_stretch(of_queue, m.next_level, m.next_watermark, m.watermark);
    perform queue_statistics.rollup_compute(of_queue, m.next_level, m.level - 1, stretch.minutes, stretch.until);
    m.next_watermark := stretch.until;
    more := true;
    if m.next_watermark = m.watermark then
      m.level := m.next_level;
      m.next_level := null;
      m.next_watermark := null;
    end if;
  else
    stretch := queue_statistics.rollup_stretch(of_queue, m.level, m.watermark, sealed);
    if stretch.until > m.watermark then
      fullest := greatest(fullest,
                          queue_statistics.rollup_compute(of_queue, m.level, 13, stretch.minutes, stretch.until));
      m.watermark := stretch.until;
      more := more or m.watermark < (sealed & -width);
    else  -- the unfinished bucket after the watermark may be too full as well
      fullest := greatest(fullest, (select count(*)
        from (select from queue_statistics.queue_destination_calls c
               where c.queue = of_queue and c.start >= to_timestamp(m.watermark * 60::bigint)
                 and c.start < to_timestamp(sealed * 60::bigint)
               limit most + 1) c));
    end if;
    if fullest > most and m.level > 0 then
      m.next_level := greatest(0, m.level - ceil(log(4, fullest / 512.0)));
      m.next_watermark := 0;
      more := true;
    end if;
  end if;

  update queue_statistics.rollup_watermarks r
     set level = m.level, watermark = m.watermark, next_level = m.next_level, next_watermark = m.next_watermark
   where r.queue = of_queue and r is distinct from m;
  return more;
end
  $$;

-- One bounded transaction of the roll-up, for the owner. Whoever calls it runs exactly
--   begin isolation level repeatable read;
--   lock table queue_statistics.queue_destination_calls in access share mode;
--   lock table queue_statistics.rollup_state in share update exclusive mode nowait;
--   select * from queue_statistics.roll_up_step(minute, milliseconds);
--   commit;
-- until `state` is `done`, or `waiting`: for transactions older than the fence, with the rest done.
-- Both locks come before the snapshot. The first keeps a TRUNCATE from being seen by half. With the second one roll-up
-- works at a time (the next gets 55P03); no writer or reader conflicts with it. A killed one leaves nothing behind.
--
-- Why the sums are exact: under every snapshot, a bucket before the watermark without a visible dirty minute has the
-- sums of the calls visible.
-- 1. A step counts the calls that its snapshot sees and deletes the dirty minutes that it sees. What a writer not seen
--    logged becomes visible together with its calls, and stays.
-- 2. A writer that logged nothing read an older seal, after it wrote and so with a transaction id. The fence is drawn in
--    a later transaction than the one that moved the seal, so that writer's id is smaller. Watermarks move up to the
--    new seal only under a snapshot to which all ids before the fence have ended (pg_snapshot_xmin; prepared
--    transactions count as running): it sees all that those writers did. pg_snapshot_xmax would not do: writers run
--    with ids above it.
-- 3. Steps and writers are atomic, so no snapshot of any age sees half of one; nor does a standby, or a crash, which
--    both cut the one log of all changes at one point. The seal is in that log too.
create function queue_statistics.roll_up_step(until integer, milliseconds integer, out state text)
  language plpgsql
  set jit = off
  as $$
declare
  s       queue_statistics.rollup_state;
  seal    constant integer := pg_sequence_last_value('queue_statistics.rollup_seal');
  started constant timestamptz := clock_timestamp();
  queue   bigint;
begin
  if current_setting('transaction_isolation') <> 'repeatable read' then
    raise 'roll_up_step needs a transaction of isolation level repeatable read' using errcode = '25001';
  end if;
  select * into strict s from queue_statistics.rollup_state;
  if s.sealed = seal and until > seal then
    perform setval('queue_statistics.rollup_seal', until);
    state := 'announced';
    return;
  elsif s.sealed < seal and (s.fence is null or s.fence > pg_snapshot_xmax(pg_current_snapshot())) then
    update queue_statistics.rollup_state set fence = pg_current_xact_id();  -- none, or one of another cluster's
    state := 'fenced';
    return;
  elsif s.sealed < seal and s.fence <= pg_snapshot_xmin(pg_current_snapshot()) then
    update queue_statistics.rollup_state set sealed = seal, fence = null;
    s.sealed := seal;
  end if;

  for queue in
    select q.id
      from queue_statistics.queues q
      left join queue_statistics.rollup_watermarks m on m.queue = q.id
     where m.queue is null or m.next_level is not null
        or m.watermark + (1::bigint << 2 * m.level) <= s.sealed
        or exists (select from queue_statistics.rollup_dirty d where d.queue = q.id)
        or m.level > 0 and exists (select from queue_statistics.queue_destination_calls c
                                    where c.queue = q.id and c.start >= to_timestamp(m.watermark * 60::bigint)
                                      and c.start < to_timestamp(s.sealed * 60::bigint)
                                   offset 2048)
     order by random()  -- so that none waits for a busy one
  loop
    while queue_statistics.roll_up_queue(queue, s.sealed) loop
      if clock_timestamp() > started + milliseconds * interval '1 ms' then
        state := 'more';
        return;
      end if;
    end loop;
    if clock_timestamp() > started + milliseconds * interval '1 ms' then
      state := 'more';
      return;
    end if;
  end loop;
  state := case when s.sealed < seal then 'waiting' else 'done' end;
end
  $$;
