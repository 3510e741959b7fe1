-- Are the sums right, and what to do when they are not: the functions behind `queue-statistics check` and
-- `queue-statistics roll-up --rebuild`. A file of its own because neither an answer nor a roll-up needs it. Sums can be
-- wrong only after triggers were switched off, after the seal was lost, or after the roll-up's tables were changed by
-- hand.

-- Where a queue's sums differ from its calls, under one snapshot. One row per bucket and destination, and one row per
-- bucket for its callers:
--   width         of the bucket, minutes
--   since, until  the bucket
--   destination   id; null: the sums of the callers
--   difference    each figure that differs: the value of the sums, then the value of the calls
--
-- Sums where no sums should be are differences too. Buckets with a dirty minute are left out, because nobody reads
-- their sums. The function only reads, and takes no lock beyond those of a select.
create function queue_statistics.rollup_differences(of_queue bigint)
  returns table (width integer, since timestamptz, until timestamptz, destination bigint, difference text)
  language plpgsql stable
  set jit = off
  as $$
#variable_conflict use_column
declare
  m     queue_statistics.rollup_watermarks;
  at    bigint;
  upper bigint;
  starts integer[];
  lows  bigint[];
  highs bigint[];
begin
  select * into m from queue_statistics.rollup_watermarks r where r.queue = of_queue;
  foreach at in array queue_statistics.rollup_widths() loop
    upper := coalesce(case when at >= m.width then m.watermark when at >= m.next_width then m.next_watermark end, 0);
    starts := array(select distinct (queue_statistics.rollup_minute(c.start) / at * at)::integer
                      from queue_statistics.queue_destination_calls c
                     where c.queue = of_queue and c.start < to_timestamp(upper / at * at * 60));
    lows := array(select 60::bigint * unnest(starts));
    highs := array(select 60 * (unnest(starts) + at));
    return query
      with dirty as materialized (
        select distinct d.minute / at * at as minute from queue_statistics.rollup_dirty d where d.queue = of_queue
      ),
      made as (
        select *
          from queue_statistics.sums_of_calls(of_queue, null, at::integer, lows, highs, starts)
      ),
      kept as (
        select * from queue_statistics.rollup_sums s where s.queue = of_queue and s.width = at
      )
      select at::integer, to_timestamp(bucket.minute * 60::bigint), to_timestamp((bucket.minute + at) * 60),
             bucket.destination,
             (select string_agg(format('%s %s, not %s', field, coalesce(k.value, 'null'), coalesce(m.value, 'null')),
                                '; ' order by field)
                from jsonb_each_text(coalesce(to_jsonb(kept), '{}')) k (field, value)
                full join jsonb_each_text(coalesce(to_jsonb(made), '{}')) m (field, value) using (field)
               where k.value is distinct from m.value)
        from kept
        full join made using (destination, minute)
       cross join lateral (select coalesce(kept.destination, made.destination) as destination,
                                  coalesce(kept.minute, made.minute) as minute) bucket
       where kept is distinct from made and not exists (select from dirty where dirty.minute = bucket.minute)
       order by bucket.minute, bucket.destination;

    starts := array(select distinct (queue_statistics.rollup_minute(c.entered) / at * at)::integer
                      from queue_statistics.queue_calls c
                     where c.queue = of_queue and c.entered < to_timestamp(upper / at * at * 60));
    lows := array(select 60::bigint * unnest(starts));
    highs := array(select 60 * (unnest(starts) + at));
    return query
      with dirty as materialized (
        select distinct d.minute / at * at as minute from queue_statistics.rollup_dirty d where d.queue = of_queue
      ),
      made as (
        select *
          from queue_statistics.sums_of_callers(of_queue, at::integer, lows, highs, starts)
      ),
      kept as (
        select * from queue_statistics.rollup_caller_sums s where s.queue = of_queue and s.width = at
      )
      select at::integer, to_timestamp(bucket.minute * 60::bigint), to_timestamp((bucket.minute + at) * 60),
             null::bigint,
             (select string_agg(format('%s %s, not %s', field, coalesce(k.value, 'null'), coalesce(m.value, 'null')),
                                '; ' order by field)
                from jsonb_each_text(coalesce(to_jsonb(kept), '{}')) k (field, value)
                full join jsonb_each_text(coalesce(to_jsonb(made), '{}')) m (field, value) using (field)
               where k.value is distinct from m.value)
        from kept
        full join made using (minute)
       cross join lateral (select coalesce(kept.minute, made.minute) as minute) bucket
       where kept is distinct from made and not exists (select from dirty where dirty.minute = bucket.minute)
       order by bucket.minute;
  end loop;
end
  $$;

-- Makes a stretch of a queue's sums anew, from the minute `since` on. The first stretch begins at 0. Returns the minute
-- where the next stretch begins, null when all sums of the queue are made. Whoever calls the function opens the
-- transaction and takes the locks as for roll_up_step(). It never moves a watermark, so answers stay fast in between. A
-- finer width that a roll-up was adding is given up: the next roll-up begins it again.
create function queue_statistics.rebuild_step(of_queue bigint, since integer)
  returns integer
  language plpgsql
  set jit = off
  as $$
declare
  m       queue_statistics.rollup_watermarks;
  stretch record;
begin
  if since = 0 then  -- a roll-up can begin the finer width again
    update queue_statistics.rollup_watermarks r set next_width = null, next_watermark = null
     where r.queue = of_queue and r.next_width is not null;
  end if;
  select * into m from queue_statistics.rollup_watermarks r where r.queue = of_queue;
  if since = 0 then
    delete from queue_statistics.rollup_sums s
     where s.queue = of_queue
       and (m.queue is null or s.width < m.width or s.minute + s.width > m.watermark);
    delete from queue_statistics.rollup_caller_sums s
     where s.queue = of_queue
       and (m.queue is null or s.width < m.width or s.minute + s.width > m.watermark);
  end if;
  if m.queue is null or since >= m.watermark then
    return null;
  end if;
  stretch := queue_statistics.rollup_stretch(of_queue, m.width, since, m.watermark);
  delete from queue_statistics.rollup_sums s
   where s.queue = of_queue and s.minute >= since and s.minute + s.width <= stretch.until
     and s.width >= m.width;  -- finer sums are of a roll-up that began meanwhile
  delete from queue_statistics.rollup_caller_sums s
   where s.queue = of_queue and s.minute >= since and s.minute + s.width <= stretch.until
     and s.width >= m.width;
  perform queue_statistics.rollup_compute(of_queue, m.width, null, stretch.minutes, stretch.until);
  return stretch.until;
end
  $$;

-- One step of setting the seal back to the minute `until`, after a clock that was ahead has moved the seal too far:
-- each new call would make a minute dirty until the clock has caught up. Whoever calls the function opens the
-- transaction and takes the locks as for roll_up_step(), again and again, each time in a new transaction, until `state`
-- is `done`:
--   lowered  watermarks, and the sums after them, are cut
--   done     the seal is at or before `until`
--
-- A roll-up may come in between and bring `sealed` up to the seal again. Then the next step cuts again.
--
-- Why the sums stay exact. A writer that reads the lower seal logs nothing for a call after it. To prove: no snapshot
-- that sees such a call sees a watermark that is past the call without having summed it.
-- 1. No watermark is ever after `sealed`. The step that lowers the seal sees a `sealed` at or before `until`, so all
--    watermarks were cut by a transaction that had been committed before. Nobody else moves them, because of the lock.
-- 2. A sequence's new value is seen at once, and never before setval(). So a writer that reads the lower seal commits
--    after the cut watermarks were committed. A snapshot, also on a standby or after a crash, that sees the writer's
--    calls sees the cut watermarks too, or later ones.
-- 3. Later watermarks pass `until` only after the seal was raised again and a new fence was drawn. The writer read the
--    lower seal before that, so its id is below the new fence, and the proof of roll_up_step() holds from there. An
--    older fence is forgotten.
create function queue_statistics.lower_seal(until integer, out state text)
  language plpgsql
  set jit = off
  as $$
declare
  sealed constant integer := (select s.sealed from queue_statistics.rollup_state s);
begin
  if current_setting('transaction_isolation') <> 'repeatable read' then
    raise 'lower_seal needs a transaction of isolation level repeatable read' using errcode = '25001';
  end if;
  state := 'done';
  if sealed > until then
    update queue_statistics.rollup_watermarks m
       set watermark = cut.watermark,
           next_watermark = case when m.next_width is not null then least(m.next_watermark, cut.watermark) end
      from (select queue, until / width * width as watermark from queue_statistics.rollup_watermarks) cut
     where cut.queue = m.queue and cut.watermark < m.watermark;
    delete from queue_statistics.rollup_sums s
     using queue_statistics.rollup_watermarks m, unnest(queue_statistics.rollup_widths()) w (width)
     where s.queue = m.queue and s.width = w.width and s.minute > m.watermark - w.width;
    delete from queue_statistics.rollup_caller_sums s
     using queue_statistics.rollup_watermarks m, unnest(queue_statistics.rollup_widths()) w (width)
     where s.queue = m.queue and s.width = w.width and s.minute > m.watermark - w.width;
    update queue_statistics.rollup_state set sealed = until, fence = null;
    state := 'lowered';
  elsif until < pg_sequence_last_value('queue_statistics.rollup_seal') then
    perform setval('queue_statistics.rollup_seal', until);
    update queue_statistics.rollup_state set fence = null;
  end if;
end
  $$;
