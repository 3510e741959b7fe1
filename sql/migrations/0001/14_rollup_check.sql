-- Are the sums right, and what to do when they are not: the functions behind `queue-statistics check` and
-- `queue-statistics roll-up --rebuild`. A file of its own because neither an answer nor a roll-up needs it. Sums can be
-- wrong only after triggers were switched off, or after the roll-up's tables were changed by hand.

-- Where a queue's sums differ from its calls, under one snapshot. One row per bucket and destination:
--   level         of the bucket
--   since, until  the bucket
--   destination   id
--   difference    each figure that differs: the value of the sums, then the value of the calls
--
-- Sums where no sums should be are differences too. Buckets with a dirty minute are left out, because nobody reads
-- their sums. The function only reads, and takes no lock beyond those of a select.
create function queue_statistics.rollup_differences(of_queue bigint)
  returns table (level integer, since timestamptz, until timestamptz, destination bigint, difference text)
  language plpgsql stable
  set jit = off
  as $$
#variable_conflict use_column
declare
  m     queue_statistics.rollup_watermarks;
  width bigint;
  upper bigint;
begin
  select * into m from queue_statistics.rollup_watermarks r where r.queue = of_queue;
  for at_level in 0..13 loop
    width := 1::bigint << 2 * at_level;
    upper := coalesce(case when at_level >= m.level then m.watermark
                           when at_level >= m.next_level then m.next_watermark end, 0);
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
      select at_level, to_timestamp(bucket.minute * 60::bigint), to_timestamp((bucket.minute + width) * 60),
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
  end loop;
end
  $$;

-- Makes a stretch of a queue's sums anew, from the minute `since` on. The first stretch begins at 0. Returns the minute
-- where the next stretch begins, null when all sums of the queue are made. Whoever calls the function opens the
-- transaction and takes the locks as for roll_up_step(). It never moves a watermark, so answers stay fast in between. A
-- finer level that a roll-up was adding is given up: the next roll-up begins it again.
create function queue_statistics.rebuild_step(of_queue bigint, since integer)
  returns integer
  language plpgsql
  set jit = off
  as $$
declare
  m       queue_statistics.rollup_watermarks;
  stretch record;
begin
  if since = 0 then  -- a roll-up can begin the finer level again
    update queue_statistics.rollup_watermarks r set next_level = null, next_watermark = null
     where r.queue = of_queue and r.next_level is not null;
  end if;
  select * into m from queue_statistics.rollup_watermarks r where r.queue = of_queue;
  if since = 0 then
    delete from queue_statistics.rollup_sums s
     where s.queue = of_queue
       and (m.queue is null or s.level < m.level or s.minute + (1::bigint << 2 * s.level) > m.watermark);
  end if;
  if m.queue is null or since >= m.watermark then
    return null;
  end if;
  stretch := queue_statistics.rollup_stretch(of_queue, m.level, since, m.watermark);
  delete from queue_statistics.rollup_sums s
   where s.queue = of_queue and s.minute >= since and s.minute + (1::bigint << 2 * s.level) <= stretch.until
     and s.level >= m.level;  -- finer sums are of a roll-up that began meanwhile
  perform queue_statistics.rollup_compute(of_queue, m.level, 13, stretch.minutes, stretch.until);
  return stretch.until;
end
  $$;
