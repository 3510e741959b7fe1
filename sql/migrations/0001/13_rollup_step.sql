-- Making sums, in bounded steps, and the proof that they are exact (roll_up_step, at the end). A file of its own
-- because only the owner of the schema runs it, by `queue-statistics roll-up`; 13_rollup_check.sql uses its parts
-- again.

-- The sums of some buckets of one level, added up from the calls. `minutes`: the first minute of each bucket. One row
-- per destination and bucket that has calls. It only reads, and knows nothing of watermarks and dirty minutes.
create function queue_statistics.rollup_of_calls(of_queue bigint, of_level integer, minutes integer[])
  returns setof queue_statistics.rollup_sums
  language sql stable
  as $$
  select of_queue, c.destination, sum(c.talktime) as talktime_sum, sum(c.ringtime) as ringtime_sum,
         sum(c.holdtime) as holdtime_sum, min(c.start) as first_call, max(c.start) as last_call, b.minute,
         count(*) filter (where c.outcome = 'answered')::integer as answered,
         count(*) filter (where c.in_progress)::integer as in_progress,
         count(*) filter (where c.outcome = 'no_answer')::integer as no_answer,
         count(*) filter (where c.outcome = 'busy')::integer as busy,
         count(*) filter (where c.outcome = 'cancelled')::integer as cancelled,
         count(*) filter (where c.outcome = 'answered_elsewhere')::integer as answered_elsewhere,
         count(*) filter (where c.outcome = 'failed')::integer as failed,
         count(c.talktime)::integer as talktime_known, min(c.talktime) as talktime_min, max(c.talktime) as talktime_max,
         count(c.ringtime)::integer as ringtime_known, min(c.ringtime) as ringtime_min, max(c.ringtime) as ringtime_max,
         count(c.holdtime)::integer as holdtime_known, min(c.holdtime) as holdtime_min, max(c.holdtime) as holdtime_max,
         of_level::smallint
    from unnest(minutes) b (minute)
   cross join lateral (select *  -- `offset 0`: one index scan per bucket, whatever the planner thinks of their number
                         from queue_statistics.queue_destination_calls c
                        where c.queue = of_queue and c.start >= to_timestamp(b.minute * 60::bigint)
                          and c.start < to_timestamp((b.minute + (1::bigint << 2 * of_level)) * 60)
                       offset 0) c
   group by b.minute, c.destination
  $$;

-- Makes the sums of a queue anew in the levels from `lowest` to `highest`, for every bucket that holds one of `minutes`
-- and ends at or before `watermark` (a minute). The lowest level is added up from the calls, and each other level from
-- the level below it. Returns the number of calls in the fullest of the buckets that it made in the lowest level, 0
-- when it made none.
--
-- It deletes and inserts rows of rollup_sums only. It never touches a bucket that ends after `watermark`, and never
-- moves a watermark.
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

-- Cuts a stretch [since, until) that one transaction can sum, in buckets of `of_level`. `since` and `sealed` are
-- minutes. The stretch has at most about 20,000 calls and 4,096 buckets, and at least one bucket, unless no bucket is
-- complete by `sealed`: then `until` is `since`. Empty time before the first call counts as no bucket.
--
-- `minutes` is what rollup_compute() takes: `since`, and the first minute of each bucket from the first call on.
-- `since` is among them because a bucket of a higher level that holds it may have earlier calls, and becomes complete
-- only with this stretch. The function only reads.
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

-- The level whose buckets have from 64 to 256 calls, judged by the last 20,000 calls of a queue that start before the
-- minute `sealed`. Buckets with fewer calls would make more and larger sums than the calls are worth. Buckets with more
-- calls would make the two ends of a period long. At most 9, whose buckets are half a year long; 9 for a queue without
-- calls. The function only reads.
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

-- Brings one queue's sums further, by one bounded piece of work. `sealed`: the minute up to which the watermark may
-- move. Returns true when there is more to do for this queue.
-- 1. A queue that has no watermark yet gets a level and the watermark 0.
-- 2. The sums of at most 64 buckets with dirty minutes are made anew, and these dirty minutes are deleted. Dirty
--    minutes at or after the watermark are deleted too: no sums exist there.
-- 3. While a finer level is being added, the next stretch of that level is summed. When it has reached the watermark,
--    it becomes the queue's level. Otherwise the next stretch after the watermark is summed, and the watermark moves.
-- 4. When a bucket has more than 2,048 calls, a finer level is begun whose buckets would have at most about 512.
--
-- It runs in the transaction of roll_up_step() and relies on its locks and its snapshot. It writes only roll-up tables,
-- so no writer of calls waits for it.
create function queue_statistics.roll_up_queue(of_queue bigint, sealed integer)
  returns boolean
  language plpgsql
  as $$
declare
  most constant bigint := 2048;  -- calls: a bucket with more asks for a finer level
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
    else  -- the unfinished bucket after the watermark may be too full too
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

-- One bounded transaction of the roll-up, for the owner of the schema.
--   until         move the seal up to this minute
--   milliseconds  end the step after this time, as soon as the piece of work at hand is done
--
-- Whoever calls the function runs exactly
--   begin isolation level repeatable read;
--   lock table queue_statistics.queue_destination_calls in access share mode;
--   lock table queue_statistics.rollup_state in share update exclusive mode nowait;
--   select * from queue_statistics.roll_up_step(minute, milliseconds);
--   commit;
--
-- again and again, until `state` is `done` or `waiting`:
--   announced  the seal was moved; nothing was summed
--   fenced     the fence was drawn; nothing was summed
--   more       time is up; there is more to sum
--   waiting    all is summed up to the old seal; transactions older than the fence still run
--   done       all is summed up to the seal
--
-- Both locks come before the snapshot. The first lock keeps the step from seeing half of a TRUNCATE. The second lock
-- lets one roll-up work at a time: the next one gets SQLSTATE 55P03. No writer and no reader of calls conflicts with
-- the second lock. A killed step leaves nothing behind but a seal that it moved, which the next step goes on with.
-- Another isolation level is refused with SQLSTATE 25001.
--
-- Why the sums are exact. To prove: in every snapshot, a bucket that ends at or before the watermark and has no visible
-- dirty minute has exactly the sums of its visible calls. Steps 1 and 2 are about a writer that logged dirty minutes,
-- steps 3 to 6 about a writer that logged nothing.
-- 1. A step of the roll-up counts the calls that its snapshot sees, and deletes the dirty minutes that its snapshot
--    sees.
-- 2. The dirty minutes of a writer become visible together with the calls of that writer. So a step that does not see
--    the calls does not delete the dirty minutes either. They stay until a later step, which sees both.
-- 3. A writer that logged nothing for a call read an older seal than the one that lets the watermark pass this call.
--    The writer read the seal after it wrote the call, so it had a transaction id by then.
-- 4. The fence is the id of a later transaction than the one that moved the seal. So the writer's id is below the
--    fence.
-- 5. Watermarks move up to the new seal only under a snapshot to which all ids below the fence have ended (the fence is
--    at or below pg_snapshot_xmin; prepared transactions count as running). This snapshot sees all that the writer did,
--    so the step counts the call.
-- 6. pg_snapshot_xmax would not do as the fence: it is one above the highest id that has ended, and writers run with
--    ids above it.
-- 7. Steps and writers are transactions, so no snapshot of any age sees half of one. Nor does a snapshot on a standby
--    or after a crash: both cut the one log of all changes (WAL) at one point. The seal is in that log too.
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
    update queue_statistics.rollup_state set fence = pg_current_xact_id();  -- no fence, or a restored dump's
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
     order by random()  -- so that no queue waits for a busy one
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
