-- Schema 2: sums of calls, so that the statistics of any period cost about as much as those of a day.
--
-- docs/roll-up.md explains it. In short:
--   Time is cut into buckets of 4 ^ level minutes, aligned to 1970. rollup_sums holds the sums of every bucket before a
--   queue's mark, from the queue's own finest level up. Reading a period (call_statistics) adds the largest buckets that
--   fit into it to the calls themselves at its two ends.
--   A writer who touches calls that may be summed already logs their minutes in rollup_dirty, in its own transaction.
--   Buckets with such a minute are read from the calls, until the next roll-up makes their sums anew.
--   So no answer depends on when a roll-up ran, or whether. Nobody waits for one either.
--
-- The seal tells writers what may be summed; roll_up_step() proves why nothing slips through. Minutes are those since
-- 1970. Level 13, the last, has buckets of 127 years: its parents would not be complete before the year 2480.
--
-- Runs in a moment, however many calls there are: sums are made by `queue-statistics roll-up` later. Only the last part
-- locks the calls, against writers and for milliseconds; it waits for open transactions that wrote calls.

-- Writers log what they do before this minute. A sequence, because a sequence has one value for all, whatever the
-- snapshot and isolation level, and reading it costs less than a query. It only ever grows.
create sequence queue_statistics.rollup_seal minvalue 0 start 0;
do $$ begin perform setval('queue_statistics.rollup_seal', 0); end $$;

-- sealed: marks may move up to this minute, which is the seal or, while that is being moved, was it before.
-- fence: while the seal is being moved, a transaction id greater than that of every writer who may have missed it.
create table queue_statistics.rollup_state (
  one    boolean primary key default true check (one),
  sealed integer not null default 0,
  fence  xid8
);
insert into queue_statistics.rollup_state default values;

-- Per queue: sums exist from `level` up for every bucket that ends at or before `mark`, a bucket's start of that level.
-- While a finer level is being added for a queue that grew busier, its sums exist up to `next_mark`.
create table queue_statistics.rollup_marks (
  queue      bigint primary key,
  level      smallint not null check (level between 0 and 13),
  mark       integer not null,
  next_level smallint check (next_level < level),
  next_mark  integer,
  check ((next_level is null) = (next_mark is null))
) with (fillfactor = 50);

-- Minutes whose calls may differ from the sums. Without a unique key or a reference, so that no writer waits for
-- another. Never truncated by vacuum, which would take a lock that stops writers, and readers on a standby.
create table queue_statistics.rollup_dirty (
  queue  bigint not null,
  minute bigint not null
) with (vacuum_truncate = off, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
create index rollup_dirty_queue_minute on queue_statistics.rollup_dirty (queue, minute);

-- The calls of one destination in the bucket of `level` that starts at `minute`. No row without calls. Columns as in the
-- statistics; known: calls of which that time is known. No references: they follow the calls, which have them.
create table queue_statistics.rollup_sums (
  queue              bigint not null,
  destination        bigint not null,
  talktime_sum       bigint,
  ringtime_sum       bigint,
  holdtime_sum       bigint,
  first_call         timestamptz not null,
  last_call          timestamptz not null,
  minute             integer not null,
  answered           integer not null,
  in_progress        integer not null,
  no_answer          integer not null,
  busy               integer not null,
  cancelled          integer not null,
  answered_elsewhere integer not null,
  failed             integer not null,
  talktime_known     integer not null,
  talktime_min       integer,
  talktime_max       integer,
  ringtime_known     integer not null,
  ringtime_min       integer,
  ringtime_max       integer,
  holdtime_known     integer not null,
  holdtime_min       integer,
  holdtime_max       integer,
  level              smallint not null,
  primary key (queue, level, minute, destination)
) with (vacuum_truncate = off, autovacuum_vacuum_scale_factor = 0.05);

-- sum(bigint) adds in numeric; this stays in bigint, and fails rather than overflow.
create aggregate queue_statistics.total(bigint) (
  sfunc = pg_catalog.int8pl, stype = bigint, combinefunc = pg_catalog.int8pl, parallel = safe
);

create function queue_statistics.rollup_minute(at timestamptz)
  returns bigint
  language sql immutable
  as $$ select floor(extract(epoch from at) / 60)::bigint $$;

-- The statistics of a queue's calls in a period, one row a destination that has any; of_destination null: all of them.
-- since, until: Unix seconds. Exact and fresh, as if all calls were added up.
--
-- A plain SQL function that the planner puts into the query around it; needs rights on calls and roll-up tables. Calls
-- stand before sums, so that all lock them in this order, as TRUNCATE does.
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
  with period as materialized (  -- low, high: the first and last bucket boundary of the finest level in the period
    select level, width, low, greatest(low, least(until / 60, mark) / width * width) as high
      from (select level, width, mark, (since + 60 * width - 1) / (60 * width) * width as low
              from (select coalesce(max(m.level), 0) as level, 1::bigint << coalesce(2 * max(m.level), 0) as width,
                           coalesce(max(m.mark), 0) as mark
                      from queue_statistics.rollup_marks m
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
           -- The stretches between dirty buckets. Each climbs the levels as soon as it can, and comes down as late:
           -- [low, up) are its whole buckets of a level, [parent_low, parent_up) those of the next one.
      from (select lag(x.minute + p.width, 1, p.low) over (order by x.minute) as low, x.minute as high, p.level
              from (select d.minute from dirty d union all select p.high from period p) x, period p) stretch
     cross join lateral generate_series(stretch.level, 13) l (level)
     cross join lateral (select stretch.low + (1::bigint << 2 * l.level) - 1 & -(1::bigint << 2 * l.level) as low,
                                stretch.high & -(1::bigint << 2 * l.level) as high,
                                stretch.low + (4::bigint << 2 * l.level) - 1 & -(4::bigint << 2 * l.level) as parent_low,
                                stretch.high & -(4::bigint << 2 * l.level) as parent_high) b
     cross join lateral (values (b.low, least(b.parent_low, b.high)),
                                (greatest(b.parent_high, least(b.parent_low, b.high)), b.high)) v (low, high)
     cross join lateral (select *  -- `offset 0`: index scans of a bucket's rows, whatever the planner thinks of their number
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

-- The sums of some buckets of one level, as the calls give them.
create function queue_statistics.rollup_of_calls(of_queue bigint, of_level integer, minutes integer[])
  returns setof queue_statistics.rollup_sums
  language sql stable
  as $$
  select of_queue, c.destination, sum(c.talktime), sum(c.ringtime), sum(c.holdtime), min(c.start), max(c.start), b.minute,
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
   cross join lateral (select *  -- `offset 0`: an index scan a bucket, whatever the planner thinks of their number
                         from queue_statistics.queue_destination_calls c
                        where c.queue = of_queue and c.start >= to_timestamp(b.minute * 60::bigint)
                          and c.start < to_timestamp((b.minute + (1::bigint << 2 * of_level)) * 60)
                       offset 0) c
   group by b.minute, c.destination
  $$;

-- Makes the sums of a queue anew in the levels from `lowest` to `highest`, for all their buckets that have one of
-- `minutes` in them and end at or before `mark`: the lowest from calls, each other from the one below. Returns the number
-- of calls in the fullest bucket of the lowest level.
create function queue_statistics.rollup_compute(
    of_queue bigint, lowest integer, highest integer, minutes integer[], mark integer)
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
                      where (minute & -width) + width <= mark
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

-- A stretch [mark, until) that one transaction sums: at most about 20,000 calls and 4,096 buckets, at least one bucket
-- unless none is complete by `sealed`. Empty time before the first call is skipped: minutes has the first bucket, in
-- whose parents earlier calls may wait for the stretch, and those that may have calls.
create function queue_statistics.rollup_stretch(
    of_queue bigint, of_level integer, mark integer, sealed integer, out until integer, out minutes integer[])
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
   where c.queue = of_queue and c.start >= to_timestamp(mark * 60::bigint)
   order by c.start limit 1;
  first := least(first, upper);
  select c.start into full_at
    from queue_statistics.queue_destination_calls c
   where c.queue = of_queue and c.start >= to_timestamp(mark * 60::bigint) and c.start < to_timestamp(upper * 60)
   order by c.start offset 20000 limit 1;
  until := least(upper, first + 4096 * width);
  if full_at is not null then
    until := least(until, greatest(queue_statistics.rollup_minute(full_at) & -width, first + width));
  end if;
  until := greatest(until, mark);
  minutes := mark || array(select generate_series(first, until - 1, width)::integer);
end
  $$;

-- The level whose buckets have from 64 to 256 calls, going by a queue's last 20,000 before `sealed`. Fewer make more and
-- larger sums than the calls are worth, more make long ends of a period. At most 9, half a year.
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

-- Brings one queue's sums further: the dirty ones, then a stretch after the mark, or of the finer level that is being
-- added. Returns whether there is more to do.
create function queue_statistics.roll_up_queue(of_queue bigint, sealed integer)
  returns boolean
  language plpgsql
  as $$
declare
  most constant bigint := 2048;  -- calls that a bucket may have before a finer level is added
  m       queue_statistics.rollup_marks;
  width   bigint;
  dirty   bigint[];
  minutes integer[];
  stretch record;
  fullest bigint := 0;
  more    boolean := false;
begin
  select * into m from queue_statistics.rollup_marks r where r.queue = of_queue;
  if not found then
    m := row(of_queue, queue_statistics.rollup_level(of_queue, sealed), 0, null, null);
    insert into queue_statistics.rollup_marks select m.*;
  end if;
  width := 1::bigint << 2 * m.level;

  dirty := array(select distinct d.minute & -width
                   from queue_statistics.rollup_dirty d
                  where d.queue = of_queue and d.minute < m.mark
                  order by 1 limit 65);
  more := cardinality(dirty) > 64;
  dirty := dirty[:64];
  with gone as (
    delete from queue_statistics.rollup_dirty d
     where d.queue = of_queue
       and (d.minute >= dirty[1] and d.minute < dirty[cardinality(dirty)] + width or d.minute >= m.mark)
    returning d.minute
  )
  select array_agg(distinct gone.minute::integer) into minutes from gone where gone.minute < m.mark;
  if minutes is not null then
    fullest := queue_statistics.rollup_compute(of_queue, m.level, 13, minutes, m.mark);
    if m.next_level is not null then
      perform queue_statistics.rollup_compute(of_queue, m.next_level, m.level - 1, minutes, m.next_mark);
    end if;
  end if;

  if m.next_level is not null then
    stretch := queue_statistics.rollup_stretch(of_queue, m.next_level, m.next_mark, m.mark);
    perform queue_statistics.rollup_compute(of_queue, m.next_level, m.level - 1, stretch.minutes, stretch.until);
    m.next_mark := stretch.until;
    more := true;
    if m.next_mark = m.mark then
      m.level := m.next_level;
      m.next_level := null;
      m.next_mark := null;
    end if;
  else
    stretch := queue_statistics.rollup_stretch(of_queue, m.level, m.mark, sealed);
    if stretch.until > m.mark then
      fullest := greatest(fullest,
                          queue_statistics.rollup_compute(of_queue, m.level, 13, stretch.minutes, stretch.until));
      m.mark := stretch.until;
      more := more or m.mark < (sealed & -width);
    else  -- the unfinished bucket after the mark may be too full as well
      fullest := greatest(fullest, (select count(*)
        from (select from queue_statistics.queue_destination_calls c
               where c.queue = of_queue and c.start >= to_timestamp(m.mark * 60::bigint)
                 and c.start < to_timestamp(sealed * 60::bigint)
               limit most + 1) c));
    end if;
    if fullest > most and m.level > 0 then
      m.next_level := greatest(0, m.level - ceil(log(4, fullest / 512.0)));
      m.next_mark := 0;
      more := true;
    end if;
  end if;

  update queue_statistics.rollup_marks r
     set level = m.level, mark = m.mark, next_level = m.next_level, next_mark = m.next_mark
   where r.queue = of_queue and r is distinct from m;
  return more;
end
  $$;

-- One bounded transaction of the roll-up, for the owner. The caller runs exactly
--   begin isolation level repeatable read;
--   lock table queue_statistics.queue_destination_calls in access share mode;
--   lock table queue_statistics.rollup_state in share update exclusive mode nowait;
--   select * from queue_statistics.roll_up_step(minute, milliseconds);
--   commit;
-- until `state` is `done`, or `waiting`: for transactions older than the fence, with the rest done.
-- Both locks come before the snapshot. The first keeps a TRUNCATE from being seen by half. With the second one roll-up
-- works at a time (the next gets 55P03); no writer or reader conflicts with it. A killed one leaves nothing behind.
--
-- Why the sums are exact: under every snapshot, a bucket before the mark without a visible dirty minute has the sums of
-- the calls visible.
-- 1. A step counts the calls that its snapshot sees and deletes the dirty minutes that it sees. What a writer not seen
--    logged becomes visible together with its calls, and stays.
-- 2. A writer that logged nothing read an older seal, after it wrote and so with a transaction id. The fence is drawn in
--    a later transaction than the one that moved the seal, so that writer's id is smaller. Marks move up to the new seal
--    only under a snapshot to which all ids before the fence have ended (pg_snapshot_xmin; prepared transactions count
--    as running): it sees all that those writers did. pg_snapshot_xmax would not do: writers run with ids above it.
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
      left join queue_statistics.rollup_marks m on m.queue = q.id
     where m.queue is null or m.next_level is not null
        or m.mark + (1::bigint << 2 * m.level) <= s.sealed
        or exists (select from queue_statistics.rollup_dirty d where d.queue = q.id)
        or m.level > 0 and exists (select from queue_statistics.queue_destination_calls c
                                    where c.queue = q.id and c.start >= to_timestamp(m.mark * 60::bigint)
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

-- Where a queue's sums differ from its calls, under one snapshot; `difference` names each figure, the calls' after the
-- sums'. Dirty buckets are left out, as their sums are not read. Sums that should not be there are differences too.
create function queue_statistics.rollup_differences(of_queue bigint)
  returns table (level integer, since timestamptz, until timestamptz, destination bigint, difference text)
  language plpgsql stable
  set jit = off
  as $$
#variable_conflict use_column
declare
  m     queue_statistics.rollup_marks;
  width bigint;
  upper bigint;
begin
  select * into m from queue_statistics.rollup_marks r where r.queue = of_queue;
  for at_level in 0..13 loop
    width := 1::bigint << 2 * at_level;
    upper := coalesce(case when at_level >= m.level then m.mark when at_level >= m.next_level then m.next_mark end, 0);
    return query
      with dirty as materialized (
        select distinct d.minute & -width as minute from queue_statistics.rollup_dirty d where d.queue = of_queue
      ),
      made as (
        select *
          from queue_statistics.rollup_of_calls(of_queue, at_level, array(
                 select distinct (queue_statistics.rollup_minute(c.start) & -width)::integer
                   from queue_statistics.queue_destination_calls c
                  where c.queue = of_queue and c.start < to_timestamp((upper & -width) * 60)))
      ),
      kept as (
        select * from queue_statistics.rollup_sums s where s.queue = of_queue and s.level = at_level
      )
      select at_level, to_timestamp(place.minute * 60::bigint), to_timestamp((place.minute + width) * 60), place.destination,
             (select string_agg(format('%s %s, not %s', field, coalesce(k.value, 'null'), coalesce(m.value, 'null')),
                                '; ' order by field)
                from jsonb_each_text(coalesce(to_jsonb(kept), '{}')) k (field, value)
                full join jsonb_each_text(coalesce(to_jsonb(made), '{}')) m (field, value) using (field)
               where k.value is distinct from m.value)
        from kept
        full join made using (destination, minute)
       cross join lateral (select coalesce(kept.destination, made.destination) as destination,
                                  coalesce(kept.minute, made.minute) as minute) place
       where kept is distinct from made and not exists (select from dirty where dirty.minute = place.minute)
       order by place.minute, place.destination;
  end loop;
end
  $$;

-- Makes a stretch of a queue's sums anew, from `mark` on, in a transaction as roll_up_step's. Returns where the next one
-- begins; null: all are done. The first begins at 0.
create function queue_statistics.rebuild_step(of_queue bigint, mark integer)
  returns integer
  language plpgsql
  set jit = off
  as $$
declare
  m       queue_statistics.rollup_marks;
  stretch record;
begin
  if mark = 0 then  -- a finer level that was being added can start again
    update queue_statistics.rollup_marks r set next_level = null, next_mark = null
     where r.queue = of_queue and r.next_level is not null;
  end if;
  select * into m from queue_statistics.rollup_marks r where r.queue = of_queue;
  if mark = 0 then
    delete from queue_statistics.rollup_sums s
     where s.queue = of_queue
       and (m.queue is null or s.level < m.level or s.minute + (1::bigint << 2 * s.level) > m.mark);
  end if;
  if m.queue is null or mark >= m.mark then
    return null;
  end if;
  stretch := queue_statistics.rollup_stretch(of_queue, m.level, mark, m.mark);
  delete from queue_statistics.rollup_sums s
   where s.queue = of_queue and s.minute >= mark and s.minute + (1::bigint << 2 * s.level) <= stretch.until
     and s.level >= m.level;  -- finer ones are of a roll-up that has begun meanwhile
  perform queue_statistics.rollup_compute(of_queue, m.level, 13, stretch.minutes, stretch.until);
  return stretch.until;
end
  $$;

-- Deletes a queue's oldest calls that started before a time, at most so many, as any writer would. Returns how many.
create function queue_statistics.prune_step(of_queue bigint, before timestamptz, at_most integer)
  returns bigint
  language sql
  set jit = off
  as $$
  with gone as (
    delete from queue_statistics.queue_destination_calls
     where ctid = any (array(select c.ctid
                               from queue_statistics.queue_destination_calls c
                              where c.queue = of_queue and c.start < before
                              order by c.start limit at_most))
    returning queue
  )
  select count(*) from gone
  $$;

-- For calls that may be summed already (the triggers ask). It only inserts, so it never waits, and nothing here can fail
-- a writer. Too much logged is harmless.
create function queue_statistics.log_dirty_minute()
  returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if tg_op <> 'INSERT' then
    insert into queue_statistics.rollup_dirty values (old.queue, queue_statistics.rollup_minute(old.start));
  end if;
  if tg_op <> 'DELETE' then
    insert into queue_statistics.rollup_dirty values (new.queue, queue_statistics.rollup_minute(new.start));
  end if;
  return null;
end
  $$;

-- Not a delete: a snapshot older than TRUNCATE sees no calls any more, so it must see no sums either.
create function queue_statistics.truncate_sums()
  returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  truncate queue_statistics.rollup_sums;
  return null;
end
  $$;

revoke all on function queue_statistics.total(bigint), queue_statistics.rollup_minute(timestamptz),
  queue_statistics.call_statistics(bigint, bigint, bigint, bigint),
  queue_statistics.rollup_of_calls(bigint, integer, integer[]),
  queue_statistics.rollup_compute(bigint, integer, integer, integer[], integer),
  queue_statistics.rollup_stretch(bigint, integer, integer, integer), queue_statistics.rollup_level(bigint, integer),
  queue_statistics.roll_up_queue(bigint, integer), queue_statistics.roll_up_step(integer, integer),
  queue_statistics.rollup_differences(bigint), queue_statistics.rebuild_step(bigint, integer),
  queue_statistics.prune_step(bigint, timestamptz, integer),
  queue_statistics.log_dirty_minute(), queue_statistics.truncate_sums() from public;

-- Whoever writes calls reads the seal, in the conditions below, which the writer's own role evaluates.
grant select on sequence queue_statistics.rollup_seal to public;

-- Pages must become all-visible soon after calls were inserted, else the index alone does not answer.
alter table queue_statistics.queue_destination_calls set (
  autovacuum_vacuum_insert_threshold = 10000, autovacuum_vacuum_insert_scale_factor = 0.01,
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

-- The condition is evaluated for each row right after it was written, without calling a function in the usual case.
-- Should the seal not be known, it logs. Always: also for replicated rows (session_replication_role, subscriptions).
create trigger log_insert after insert on queue_statistics.queue_destination_calls
  for each row
  when ((new.start < to_timestamp(60 * pg_sequence_last_value('queue_statistics.rollup_seal'))) is not false)
  execute function queue_statistics.log_dirty_minute();
create trigger log_update after update on queue_statistics.queue_destination_calls
  for each row
  when ((least(old.start, new.start) < to_timestamp(60 * pg_sequence_last_value('queue_statistics.rollup_seal')))
        is not false)
  execute function queue_statistics.log_dirty_minute();
create trigger log_delete after delete on queue_statistics.queue_destination_calls
  for each row
  when ((old.start < to_timestamp(60 * pg_sequence_last_value('queue_statistics.rollup_seal'))) is not false)
  execute function queue_statistics.log_dirty_minute();
create trigger truncate_sums after truncate on queue_statistics.queue_destination_calls
  execute function queue_statistics.truncate_sums();
alter table queue_statistics.queue_destination_calls enable always trigger log_insert;
alter table queue_statistics.queue_destination_calls enable always trigger log_update;
alter table queue_statistics.queue_destination_calls enable always trigger log_delete;
alter table queue_statistics.queue_destination_calls enable always trigger truncate_sums;

insert into queue_statistics.schema_version (version, works_with) values (2, 1);
