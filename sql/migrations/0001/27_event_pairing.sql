-- Each event once, from whichever feed. A file of its own because it decides alone which rows of several feeds are one
-- event.

-- How many live rows of a second pair with no row of a file, of that second or the one before. A step from one second
-- to the next: `unpaired` live rows of the second before pair first with the rows of files of this second, the live
-- rows of this second pair with the rest.
create function queue_statistics.unpaired_step(unpaired bigint, live bigint, file bigint)
  returns bigint language sql immutable
  return live - least(live, greatest(file - unpaired, 0));
create aggregate queue_statistics.unpaired(live bigint, file bigint)
  (sfunc = queue_statistics.unpaired_step, stype = bigint, initcond = '0');

-- Stores events of one feed of which equal ones are stored already: of the same second, or of the other kind of feed
-- and a second beside. `given`: the events; of the live table of Asterisk one per call. Returns the events whose calls
-- are to be made anew. fold_events() alone calls it.
--
-- Which rows are one event depends on how many equal rows of each second each feed has shown, and on nothing else. So
-- it does not depend on the order in which they come.
-- 1. A row of a file pairs with at most one live row, which is dated in the same second or in the second before. A live
--    row pairs with at most one row of a file. The rows of files choose in the order of their times, the earlier of the
--    two seconds first. No other choice makes more pairs.
-- 2. Each live row is an event, and so is each row of a file without a live row. The live row's second counts.
-- 3. In a second, the live rows have the first ordinals: first those that pair with a row of their own second, then
--    those that pair with a row of the next second, then the others. The rows of files without a live row follow.
--
-- A row of a file never changes an event that is stored. A live row takes the place of at most one row of a file, which
-- gets a live row by it: that event moves to the live row's second, and keeps its calls and what its site changed.
-- Where events were deleted, those that are left take their ordinals in the same way.
create function queue_statistics.merge_events(given queue_statistics.phone_events[], feed queue_statistics.event_feed)
  returns queue_statistics.phone_events[] language plpgsql
  as $$
declare
  second constant interval := '1 second';
  live constant boolean := feed in ('queue_log', 'freeswitch');
  wanted queue_statistics.phone_events[];
  changed queue_statistics.phone_events[] := '{}';
  resolved queue_statistics.phone_events[];
  r record;
  was queue_statistics.phone_events;
  e queue_statistics.phone_events;
begin
  -- `next`: how many live rows pair with a row of a file of the next second; `own`: with one of their own second.
  wanted := array(
    with classes as (
      select distinct on (g.callid, g.digest) g.* from pg_catalog.unnest(given) g order by g.callid, g.digest
    ),
    shown as (  -- each live row, each row of a file, and the second before each row of a file
      select s.callid, s.digest, v.*
        from classes c
       cross join lateral (select * from queue_statistics.phone_events s
                            where s.callid = c.callid and s.digest = c.digest offset 0) s
       cross join lateral (select s."time" + case when s.file_is_later then second else '0' end as filed) f
       cross join lateral (values (s."time", s.shown_live, false, false, false),
                                  (f.filed, false, s.shown_file, s.shown_followed, false),
                                  (f.filed - second, false, false, false, false))
                          v (at, live, file, followed, given)
       union all
      select g.callid, g.digest, v.*
        from pg_catalog.unnest(given) g
       cross join lateral (values (g."time", false, false, false, true),
                                  (g."time" - second, false, false, false, false)) v (at, live, file, followed, given)
    ),
    counted as (
      select s.callid, s.digest, s.at, pg_catalog.count(*) filter (where s.live) as live,
             pg_catalog.count(*) filter (where s.file) as file,
             pg_catalog.count(*) filter (where s.followed) as followed,
             pg_catalog.count(*) filter (where s.given) as given
        from shown s group by s.callid, s.digest, s.at
    ),
    known as (
      select n.callid, n.digest, n.at,
             case feed when 'queue_log' then n.live + n.given when 'freeswitch' then greatest(n.live, n.given)
                       else n.live end as live,
             case feed when 'file' then greatest(n.file, n.given)
                       when 'followed_file' then greatest(n.file, n.followed + n.given) else n.file end as file,
             case feed when 'followed_file' then n.followed + n.given else n.followed end as followed
        from counted n
    ),
    alone as (
      select k.*,
             queue_statistics.unpaired(k.live, k.file) over (partition by k.callid, k.digest order by k.at) as alone
        from known k
    ),
    late as (
      select a.*, a.live - a.alone as own,
             least(a.file, pg_catalog.lag(a.alone, 1, 0::bigint) over (partition by a.callid, a.digest order by a.at))
               as late
        from alone a
    ),
    paired as (
      select l.*, pg_catalog.lead(l.late, 1, 0::bigint) over class as next,
             pg_catalog.lead(l.followed, 1, 0::bigint) over class as next_followed
        from late l
      window class as (partition by l.callid, l.digest order by l.at)
    )
    select row(c.source, c.callid, c.queue_name, c.agent, c.kind, p.at, c.began + (p.at - c."time"), c.ring, c.hold,
               c.talk, c.outcome, c.reason, c.wait, c.elapsed, c.digest, o.ordinal, o.ordinal <= p.live,
               o.ordinal <= p.own + p.next or o.ordinal > p.live, o.ordinal > p.own and o.ordinal <= p.own + p.next,
               case when o.ordinal <= p.own then p.late + o.ordinal <= p.followed
                    when o.ordinal <= p.own + p.next then o.ordinal - p.own <= p.next_followed
                    else o.ordinal > p.live and p.late + p.own + o.ordinal - p.live <= p.followed end,
               c.queue, 0, null, false, false, c.customer)::queue_statistics.phone_events
      from paired p
      join classes c on c.callid = p.callid and c.digest = p.digest
     cross join pg_catalog.generate_series(1, p.live + p.file - p.late - p.own) o (ordinal));

  for r in
    with compared as materialized (  -- a full join never compares all with all
      select s.event as was, w.event as now, callid, digest, "time", ordinal
        from (select o as event, o.callid, o.digest, o."time", o.ordinal
                from (select distinct g.callid, g.digest from pg_catalog.unnest(given) g) g
               cross join lateral (select * from queue_statistics.phone_events o
                                    where o.callid = g.callid and o.digest = g.digest offset 0) o) s
        full join (select u as event, u.callid, u.digest, u."time", u.ordinal from pg_catalog.unnest(wanted) u) w
          using (callid, digest, "time", ordinal)
    ),
    one as (
      select c.*, pg_catalog.row_number() over (partition by c.callid, c.digest, (c.was).callid is null
                                                    order by c."time", c.ordinal) as number
        from compared c
       where (c.was).callid is null or (c.now).callid is null
    )
    select o.was, n.now
      from one n
      left join one o on o.callid = n.callid and o.digest = n.digest and o.number = n.number and (o.now).callid is null
     where (n.was).callid is null
     union all
    select c.was, c.now
      from compared c
     where ((c.was).shown_live, (c.was).shown_file, (c.was).file_is_later, (c.was).shown_followed)
           <> ((c.now).shown_live, (c.now).shown_file, (c.now).file_is_later, (c.now).shown_followed)
  loop
    was := r.was;
    e := r.now;
    if was.callid is null then
      e.call := queue_statistics.call_id(e.queue);
      e.caller := case when e.kind in ('enter', 'refusal') then queue_statistics.caller_id(e.queue) end;
      insert into queue_statistics.phone_events select e.*;
      changed := changed || e;
      continue;
    end if;
    update queue_statistics.phone_events o
       set "time" = e."time", began = e.began, ordinal = e.ordinal, shown_live = e.shown_live,
           shown_file = e.shown_file, file_is_later = e.file_is_later, shown_followed = e.shown_followed
     where o.callid = was.callid and o.digest = was.digest and o."time" = was."time" and o.ordinal = was.ordinal
    returning * into e;
    continue when (e."time", e.ordinal) = (was."time", was.ordinal);
    if e.kind in ('answer', 'end') then  -- those that may have been matched with it where it was
      changed := changed || array(
        select near from queue_statistics.phone_events near
         where near.queue_name = e.queue_name and near.agent = e.agent and near.kind in ('answer', 'end')
           and near.began between was.began - 2 * second and was.began + 2 * second
           and near.source = e.source and near.callid <> e.callid);
    elsif e.kind = 'offer' then
      perform pg_catalog.set_config('queue_statistics.folding', 'on', true);
      update queue_statistics.queue_destination_calls t set start = e.began
       where t.queue = e.queue and t.id = e.call and t.uniqueid = e.callid and not e.offer_is_own;
      perform pg_catalog.set_config('queue_statistics.folding', '', true);
      e.kind := 'leave';  -- the offer is there; what is to be made anew is the caller
    end if;
    changed := changed || e;
  end loop;

  with found as (
    update queue_statistics.phone_events o set queue = g.queue
      from pg_catalog.unnest(given) g
     where o.callid = g.callid and o.digest = g.digest and o.queue is null and g.queue is not null
       and case when live then o.shown_live and o."time" = g."time"
                else o.shown_file and o."time" = g."time" - case when o.file_is_later then second else '0' end end
    returning o
  )
  select pg_catalog.array_agg(f.o) into resolved from found f;
  return changed || resolved;
end
  $$;
