-- Making sums, in bounded steps, and the proof that they are exact (roll_up_step, at the end). A file of its own
-- because only the owner of the schema runs it, by `queue-statistics roll-up`; 14_rollup_check.sql uses its parts
-- again.

-- Makes the sums of a queue anew, of offers and of callers, in the widths from `lowest` on and below `beyond` (null:
-- all from `lowest` on), for every bucket that holds one of `minutes` and ends at or before `watermark` (a minute). The
-- lowest width is added up from the calls, and each other width from the width before it. Returns how many offers, or
-- callers where these are more, the fullest of the buckets has that it made in the lowest width; 0 when it made none.
--
-- It deletes and inserts rows of rollup_sums and rollup_caller_sums only. It never touches a bucket that ends after
-- `watermark`, and never moves a watermark.
--
-- Planning a statement anew for each width costs several times its work. So plans are kept, as those of fold_events(),
-- and may not be made of sequential scans while the tables are empty.
create function queue_statistics.rollup_compute(
    of_queue bigint, lowest integer, beyond integer, minutes integer[], watermark integer)
  returns bigint
  language plpgsql
  set plan_cache_mode = force_generic_plan set enable_seqscan = off
  as $$
declare
  buckets integer[] := minutes;
  ends    integer[];
  lows    bigint[];   -- the same in seconds
  highs   bigint[];
  at      integer;
  finer   integer;
  finers  integer[];
  offers  bigint;   -- in the fullest bucket
  callers bigint;
begin
  foreach at in array queue_statistics.rollup_widths() loop
    continue when at < lowest;
    buckets := array(select distinct minute / at * at
                       from unnest(buckets) minute
                      where minute / at * at + at::bigint <= watermark
                      order by 1);
    exit when at >= beyond or buckets = '{}';
    ends := array(select minute + at from unnest(buckets) minute);
    lows := array(select 60::bigint * unnest(buckets));
    highs := array(select 60::bigint * unnest(ends));
    finers := array_fill(finer, array[cardinality(buckets)]);
    delete from queue_statistics.rollup_sums s
     where s.queue = of_queue and s.width = at and s.minute = any (buckets);
    delete from queue_statistics.rollup_caller_sums s
     where s.queue = of_queue and s.width = at and s.minute = any (buckets);
    if finer is null then
      with made as (
        insert into queue_statistics.rollup_sums
        select * from queue_statistics.sums_of_calls(of_queue, null, at, lows, highs, buckets)
        returning minute, answered + no_answer + busy + cancelled + answered_elsewhere + failed as calls
      )
      select max(calls) into offers from (select sum(calls) as calls from made group by made.minute) bucket;
      with made as (
        insert into queue_statistics.rollup_caller_sums
        select * from queue_statistics.sums_of_callers(of_queue, at, lows, highs, buckets)
        returning answered + waiting + abandoned + timeout + key + empty + other + refused as calls
      )
      select max(calls) into callers from made;
    else
      insert into queue_statistics.rollup_sums
      select *
        from queue_statistics.sums_of_sums(of_queue, null, at, finers, buckets, ends, buckets);
      insert into queue_statistics.rollup_caller_sums
      select *
        from queue_statistics.sums_of_caller_sums(of_queue, at, finers, buckets, ends, buckets);
    end if;
    finer := at;
  end loop;
  return greatest(offers, callers, 0);
end
  $$;

-- Cuts a stretch [since, until) that one transaction can sum, in buckets of `width`. `since` and `sealed` are minutes.
-- The stretch has at most about 20,000 offers, 20,000 callers and 4,096 buckets, and at least one bucket, unless no
-- bucket is complete by `sealed`: then `until` is `since`. Empty time before the first call counts as no bucket.
--
-- `minutes` is what rollup_compute() takes: `since`, and the first minute of each bucket from the first call on.
-- `since` is among them because a wider bucket that holds it may have earlier calls, and becomes complete only with
-- this stretch. The function only reads.
create function queue_statistics.rollup_stretch(
    of_queue bigint, width bigint, since integer, sealed integer, out until integer, out minutes integer[])
  language plpgsql stable
  as $$
declare
  upper constant bigint := sealed / width * width;
  first   bigint;
  full_at timestamptz;
begin
  first := least(upper, queue_statistics.rollup_minute(least(
    (select c.start
       from queue_statistics.queue_destination_calls c
      where c.queue = of_queue and c.start >= to_timestamp(since * 60::bigint)
      order by c.start limit 1),
    (select c.entered
       from queue_statistics.queue_calls c
      where c.queue = of_queue and c.entered >= to_timestamp(since * 60::bigint)
      order by c.entered limit 1))) / width * width);
  full_at := least(
    (select c.start
       from queue_statistics.queue_destination_calls c
      where c.queue = of_queue and c.start >= to_timestamp(since * 60::bigint) and c.start < to_timestamp(upper * 60)
      order by c.start offset 20000 limit 1),
    (select c.entered
       from queue_statistics.queue_calls c
      where c.queue = of_queue and c.entered >= to_timestamp(since * 60::bigint)
        and c.entered < to_timestamp(upper * 60)
      order by c.entered offset 20000 limit 1));
  until := least(upper, first + 4096 * width);
  if full_at is not null then
    until := least(until, greatest(queue_statistics.rollup_minute(full_at) / width * width, first + width));
  end if;
  until := greatest(until, since);
  minutes := since || array(select generate_series(first, until - 1, width)::integer);
end
  $$;

-- The largest width of at most `most` minutes, at least one minute.
create function queue_statistics.rollup_width(most numeric)
  returns integer
  language sql immutable
  as $$ select max(width) from unnest(queue_statistics.rollup_widths()) width where width <= greatest(most, 1) $$;

-- The width whose buckets have at most 384 offers and 384 callers, judged by the last 20,000 of each that a queue has
-- before the minute `sealed`. Buckets with far fewer calls would make more and larger sums than the calls are worth.
-- Buckets with more calls would make the two ends of a period long. At most 256 days, also for a queue without calls.
-- The function only reads.
create function queue_statistics.rollup_finest(of_queue bigint, sealed integer)
  returns integer
  language sql stable
  as $$
  select queue_statistics.rollup_width(least(
           368640, min(384.0 * (sealed - queue_statistics.rollup_minute(newest.since) + 1) / newest.calls)))
    from (select min(c.start) as since, count(*) as calls
            from (select c.start
                    from queue_statistics.queue_destination_calls c
                   where c.queue = of_queue and c.start < to_timestamp(sealed * 60::bigint)
                   order by c.start desc limit 20000) c
           union all
          select min(c.entered), count(*)
            from (select c.entered
                    from queue_statistics.queue_calls c
                   where c.queue = of_queue and c.entered < to_timestamp(sealed * 60::bigint)
                   order by c.entered desc limit 20000) c) newest
   where newest.calls > 0
  $$;

-- Makes sums of a queue anew where minutes are dirty, and deletes these dirty minutes: those of at most 64 finest
-- buckets and 20,000 rows, however long the log is. Dirty minutes at or after the watermark are deleted without more
-- ado: no sums exist there. Returns what rollup_compute() returns; `more`: dirty minutes are left.
--
-- When 20,000 rows are not all of these buckets, the last row stays. It keeps its bucket dirty, whose sums of `width`
-- are made when the last of its rows goes: so a million late calls of one bucket are added up once.
create function queue_statistics.rollup_clean(
    m queue_statistics.rollup_watermarks, out fullest bigint, out more boolean)
  language plpgsql
  as $$
declare
  most constant integer := 20000;
  first   bigint;
  bucket  bigint;
  until   bigint := 0;
  gone    tid[];
  minutes bigint[];
begin
  for i in 1..64 loop
    select d.minute / m.width * m.width into bucket
      from queue_statistics.rollup_dirty d
     where d.queue = m.queue and d.minute >= until and d.minute < m.watermark
     order by d.minute limit 1;
    exit when not found;
    first := coalesce(first, bucket);
    until := bucket + m.width;
  end loop;
  select array_agg(d.ctid order by d.minute), array_agg(d.minute order by d.minute) into gone, minutes
    from (select d.ctid, d.minute
            from queue_statistics.rollup_dirty d
           where d.queue = m.queue and d.minute >= first and d.minute < until
           order by d.minute limit most) d;
  more := bucket is not null;
  if cardinality(gone) = most then
    more := true;
    until := minutes[most] / m.width * m.width;
    gone := gone[: most - 1];
    minutes := minutes[: array_position(minutes, minutes[most]) - 1];
  end if;
  delete from queue_statistics.rollup_dirty d where d.ctid = any (gone);
  fullest := queue_statistics.rollup_compute(m.queue, m.width, null,
                                             array(select n::integer from unnest(minutes) n where n < until),
                                             m.watermark);
  perform queue_statistics.rollup_compute(m.queue, m.next_width, m.width, minutes::integer[], m.next_watermark)
    where m.next_width is not null;

  delete from queue_statistics.rollup_dirty d
   where d.ctid = any (array(select n.ctid
                               from queue_statistics.rollup_dirty n
                              where n.queue = m.queue and n.minute >= m.watermark
                              order by n.minute limit most));
  get diagnostics until = row_count;
  more := more or until = most;
end
  $$;

-- Brings one queue's sums further, by one bounded piece of work. `sealed`: the minute up to which the watermark may
-- move. Returns true when there is more to do for this queue.
-- 1. A queue that has no watermark yet gets a finest width and the watermark 0. Sums of a watermark that was forgotten
--    are deleted.
-- 2. Some sums of buckets with dirty minutes are made anew (rollup_clean()).
-- 3. While a finer width is being added, the next stretch of that width is summed. When it has reached the watermark,
--    it becomes the queue's finest. Otherwise the next stretch after the watermark is summed, and the watermark moves.
-- 4. When a bucket has more than 2,048 offers or callers, a finer width is begun whose buckets would have at most about
--    384.
--
-- It runs in the transaction of roll_up_step() and relies on its locks and its snapshot. It writes only roll-up tables,
-- so no writer of calls waits for it.
create function queue_statistics.roll_up_queue(of_queue bigint, sealed integer)
  returns boolean
  language plpgsql
  as $$
declare
  most constant bigint := 2048;  -- calls: a bucket with more asks for a finer width
  m       queue_statistics.rollup_watermarks;
  stretch record;
  fullest bigint;
  more    boolean;
begin
  select * into m from queue_statistics.rollup_watermarks r where r.queue = of_queue;
  if not found then
    delete from queue_statistics.rollup_sums s where s.queue = of_queue;
    delete from queue_statistics.rollup_caller_sums s where s.queue = of_queue;
    m := row(of_queue, queue_statistics.rollup_finest(of_queue, sealed), 0, null, null);
    insert into queue_statistics.rollup_watermarks select m.*;
  end if;
  select cleaned.fullest, cleaned.more into fullest, more from queue_statistics.rollup_clean(m) cleaned;

  if m.next_width is not null then
    stretch := queue_statistics.rollup_stretch(of_queue, m.next_width, m.next_watermark, m.watermark);
    perform queue_statistics.rollup_compute(of_queue, m.next_width, m.width, stretch.minutes, stretch.until);
    m.next_watermark := stretch.until;
    more := true;
    if m.next_watermark = m.watermark then
      m.width := m.next_width;
      m.next_width := null;
      m.next_watermark := null;
    end if;
  else
    stretch := queue_statistics.rollup_stretch(of_queue, m.width, m.watermark, sealed);
    if stretch.until > m.watermark then
      fullest := greatest(fullest,
                          queue_statistics.rollup_compute(of_queue, m.width, null, stretch.minutes, stretch.until));
      m.watermark := stretch.until;
      more := more or m.watermark < sealed / m.width * m.width;
    else  -- the unfinished bucket after the watermark may be too full too
      fullest := greatest(
        fullest,
        (select count(*)
           from (select from queue_statistics.queue_destination_calls c
                  where c.queue = of_queue and c.start >= to_timestamp(m.watermark * 60::bigint)
                    and c.start < to_timestamp(sealed * 60::bigint)
                  limit most + 1) c),
        (select count(*)
           from (select from queue_statistics.queue_calls c
                  where c.queue = of_queue and c.entered >= to_timestamp(m.watermark * 60::bigint)
                    and c.entered < to_timestamp(sealed * 60::bigint)
                  limit most + 1) c));
    end if;
    if fullest > most and m.width > 1 then
      m.next_width := queue_statistics.rollup_width(least(m.width - 1, m.width * 384.0 / fullest));
      m.next_watermark := 0;
      more := true;
    end if;
  end if;

  update queue_statistics.rollup_watermarks r
     set width = m.width, watermark = m.watermark, next_width = m.next_width, next_watermark = m.next_watermark
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
--   lock table queue_statistics.queue_destination_calls, queue_statistics.queue_calls in access share mode;
--   lock table queue_statistics.rollup_state in share update exclusive mode nowait;
--   select * from queue_statistics.roll_up_step(minute, milliseconds);
--   commit;
--
-- again and again, until `state` is `done` or `waiting`:
--   forgotten  the seal was lost, so late calls were not logged: all sums count as never made, and the seal as sealed
--              nothing
--   announced  the seal was moved; nothing was summed
--   fenced     the fence was drawn; nothing was summed
--   more       time is up, or an older seal was to be reached first; there is more to sum
--   waiting    all is summed up to the old seal; transactions older than the fence still run
--   done       all is summed up to the seal
--
-- All locks come before the snapshot. The locks on the calls keep the step from seeing half of a TRUNCATE. The lock on
-- rollup_state lets one roll-up work at a time: the next one gets SQLSTATE 55P03. No writer and no reader of calls
-- conflicts with it. A killed step leaves nothing behind but a seal that it moved, which the next step goes on with.
-- A sequence's value is not replicated logically, and can be lost in other ways: then the seal is behind `sealed` or
-- unknown, and what was written since is not logged. A step that finds this forgets all watermarks.
-- Another isolation level is refused with SQLSTATE 25001.
--
-- Each piece of work reads what it needs by an index. Other plans would read all dirty minutes in each step, which is
-- cheap in a small log and takes hours after a large import. Hence the settings, and `offset 0`.
--
-- Why the sums are exact. To prove: in every snapshot, a bucket that ends at or before the watermark and has no visible
-- dirty minute has exactly the sums of its visible calls. A call is an offer or a caller here: one seal, fence and log
-- serve both, because each step makes the sums of both, of the same buckets, under one snapshot. Steps 1 and 2 are
-- about a writer that logged dirty minutes, steps 3 to 6 about a writer that logged nothing.
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
  set jit = off set enable_seqscan = off set enable_bitmapscan = off
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
  if s.sealed > 0 and (seal >= s.sealed) is not true then
    delete from queue_statistics.rollup_watermarks;
    update queue_statistics.rollup_state set sealed = 0, fence = null;
    state := 'forgotten';
    return;
  elsif s.sealed = seal and until > seal or seal is null then
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
     where m.queue is null or m.next_width is not null
        or m.watermark + m.width <= s.sealed
        or exists (select from queue_statistics.rollup_dirty d where d.queue = q.id offset 0)
        or m.width > 1 and exists (select from queue_statistics.queue_destination_calls c
                                    where c.queue = q.id and c.start >= to_timestamp(m.watermark * 60::bigint)
                                      and c.start < to_timestamp(s.sealed * 60::bigint)
                                   offset 2048)
        or m.width > 1 and exists (select from queue_statistics.queue_calls c
                                    where c.queue = q.id and c.entered >= to_timestamp(m.watermark * 60::bigint)
                                      and c.entered < to_timestamp(s.sealed * 60::bigint)
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
  state := case when s.sealed < seal then 'waiting' when until > seal then 'more' else 'done' end;
end
  $$;
