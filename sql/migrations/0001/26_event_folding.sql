-- Folding: the one way by which events come in, live or from a file. A file of its own because the triggers, the
-- imports and the follower all call this function, and it decides alone which events are new.

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
-- those
--    that pair with a row of the next second, then the others. The rows of files without a live row follow.
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

-- Stores the events that are new, and makes the calls that follow from them. Events of a time that was pruned, and of
-- queue names that are nobody's, are left out. Returns by how many the numbers of offers and of callers grew.
--   events    of one phone system or several; of a file, all equal events in one call
--   feed      where the events come from
--   customer  of an import: id of the customer whose queues the names mean; else null. An event of a role that is bound
--             to a customer says so itself
--
-- It takes the lock of each phone system, until the end of the transaction. It must see what the transaction before
-- did, so it is refused with SQLSTATE 25001 in a transaction that is not READ COMMITTED. It never makes a queue, and
-- never reads the tables that phone systems insert into.
--
-- A single event of which no equal is stored, as a live row brings it, takes a shorter way, with the same result.
--
-- Plans are made once, while tables may be empty, and kept while the tables grow. Hence the settings that rule out
-- sequential scans, and bitmap scans, which would read all destinations of a queue to find one.
create function queue_statistics.fold_events(events queue_statistics.phone_event[], feed queue_statistics.event_feed,
                                             customer bigint, out offers bigint, out callers bigint)
  language plpgsql
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set jit = off
  as $$
declare
  live constant boolean := feed in ('queue_log', 'freeswitch');
  e queue_statistics.phone_event;
  restarted timestamptz;
  since timestamptz;
  of_queue bigint;
  fresh queue_statistics.phone_events;
  seen queue_statistics.phone_events[];  -- call is null: an equal event is stored already
  other queue_statistics.phone_events;
  others queue_statistics.phone_events[];
  stored bigint;
  made record;
begin
  offers := 0;
  callers := 0;
  if pg_catalog.current_setting('transaction_isolation') <> 'read committed' then
    raise 'events are folded at isolation level read committed' using errcode = '25001';
  end if;
  if pg_catalog.cardinality(events) = 1 then
    e := events[1];
    select s.restarted into restarted from queue_statistics.phone_systems s where s.source = e.source
       for no key update;
    if found and feed <> 'file' and e.kind <> 'restart' and queue_statistics.may_be_folded(e.time)
       and not exists (select from queue_statistics.phone_events s
                        where s.callid = e.callid and s.digest = e.digest
                          and s."time" between e."time" - interval '1 second' and e."time" + interval '1 second'
                          and (s."time" = e."time" or case when live then s.shown_file else s.shown_live end))
    then
      of_queue := case when e.customer is null then queue_statistics.queue_of(e.queue_name, customer)
                       else (queue_statistics.queue_within(e.queue_name, e.customer)).queue end;
      if of_queue is null and queue_statistics.is_nobodys(e.queue_name) then
        return;
      end if;
      insert into queue_statistics.phone_events
      values (e.source, e.callid, e.queue_name, e.agent, e.kind, e.time, e.began, e.ring, e.hold, e.talk, e.outcome,
              e.reason, e.wait, e.elapsed, e.digest, 1, live, not live, false, feed = 'followed_file', of_queue,
              pg_catalog.nextval('queue_statistics.queue_destination_calls_id_seq'),
              case when e.kind in ('enter', 'refusal') then pg_catalog.nextval('queue_statistics.queue_calls_id_seq')
              end, false, false, e.customer)
      returning * into fresh;
      if of_queue is null then
        return;
      end if;
      if queue_statistics.make_usual_calls(fresh, restarted) then
        offers := (e.kind in ('offer', 'answer'))::integer;
        callers := (e.kind = 'enter')::integer;
      else
        made := queue_statistics.make_calls(array[fresh]);
        offers := made.offers;
        callers := made.callers;
      end if;
      return;
    end if;
  end if;
  if not found then
    perform queue_statistics.lock_phone_systems(array(select u.source from pg_catalog.unnest(events) u));
  end if;
  since := queue_statistics.may_be_folded_since();
  foreach e in array events loop
    if e.kind = 'restart' and e.time >= since then
      -- A file may have written it a second late, after the first callers since.
      perform queue_statistics.restart(e.source, case when live then e.time else e.time - interval '1 second' end);
    end if;
  end loop;

  seen := array(
    select row(n.source, n.callid, n.queue_name, n.agent, n.kind, n.time, n.began, n.ring, n.hold, n.talk, n.outcome,
               n.reason, n.wait, n.elapsed, n.digest, n.ordinal, live, not live, false, feed = 'followed_file', n.queue,
               case when not n.is_stored
                    then pg_catalog.nextval('queue_statistics.queue_destination_calls_id_seq') end,
               case when not n.is_stored and n.kind in ('enter', 'refusal')
                    then pg_catalog.nextval('queue_statistics.queue_calls_id_seq') end, false, false,
               n.customer)::queue_statistics.phone_events
      from (select u.*, q.queue,
                   exists (select from queue_statistics.phone_events s
                            where s.callid = u.callid and s.digest = u.digest
                              and s."time" between u."time" - interval '1 second' and u."time" + interval '1 second'
                              and (s."time" = u."time" or case when live then s.shown_file else s.shown_live end)
                           offset 0) as is_stored,
                   pg_catalog.row_number() over (partition by u.callid, u.digest, u."time") as ordinal
              from pg_catalog.unnest(events) u
              join (select d.*, case when d.customer is null
                                       then queue_statistics.queue_of(d.queue_name, fold_events.customer)
                                     else (queue_statistics.queue_within(d.queue_name, d.customer)).queue end as queue
                      from (select distinct x.queue_name, x.customer
                              from pg_catalog.unnest(events) x offset 0) d offset 0) q
                on q.queue_name = u.queue_name and q.customer is not distinct from u.customer
               and (q.queue is not null or not queue_statistics.is_nobodys(q.queue_name))
             where u.kind <> 'restart' and u.time >= since) n);

  insert into queue_statistics.phone_events select s.* from pg_catalog.unnest(seen) s where s.call is not null;
  get diagnostics stored = row_count;
  if stored < pg_catalog.cardinality(seen) then
    others := array(select o from pg_catalog.unnest(seen) o where o.call is null order by o."time");
    seen := array(select o from pg_catalog.unnest(seen) o where o.call is not null);
    if feed = 'queue_log' then
      foreach other in array others loop
        seen := seen || queue_statistics.merge_events(array[other], feed);
      end loop;
    else
      seen := seen || queue_statistics.merge_events(others, feed);
    end if;
  end if;
  if pg_catalog.cardinality(seen) > 0 then
    made := queue_statistics.make_calls(seen);
    offers := made.offers;
    callers := made.callers;
  end if;
end
  $$;

-- Folds events as fold_events() does, and leaves out those that cannot be folded: each of them is listed in
-- event_problems. A wait that is over (a lock, a deadlock) is an error of the whole call, which may be run again.
create function queue_statistics.fold_each(events queue_statistics.phone_event[], feed queue_statistics.event_feed,
                                           customer bigint, out offers bigint, out callers bigint)
  language plpgsql
  as $$
declare
  equals queue_statistics.phone_event[];
  grown  record;
begin
  begin
    select f.offers, f.callers into offers, callers from queue_statistics.fold_events(events, feed, customer) f;
    return;
  exception when lock_not_available or deadlock_detected or serialization_failure
              or active_sql_transaction then raise;
            when others then null;
  end;
  offers := 0;
  callers := 0;
  for equals in
    select array_agg(events[n] order by n) from generate_subscripts(events, 1) n
     group by (events[n]).digest, (events[n]).callid order by min(n)
  loop
    begin
      select f.offers, f.callers into grown from queue_statistics.fold_events(equals, feed, customer) f;
      offers := offers + grown.offers;
      callers := callers + grown.callers;
    exception when lock_not_available or deadlock_detected or serialization_failure then raise;
              when others then
      insert into queue_statistics.event_problems (source, problem, event)
      select e.source, 'it cannot be folded: ' || left(sqlerrm, 200), left(e::text, 1000) from unnest(equals) e;
    end;
  end loop;
end
  $$;

-- Folds the events that a phone system inserts, or keeps them where they cannot be folded now. Returns whether it
-- folded them. Never an error for what the events say.
create function queue_statistics.fold_or_keep(events queue_statistics.phone_event[], feed queue_statistics.event_feed)
  returns boolean language plpgsql
  as $$
declare
  grown record;  -- not used
  why   text;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    why := 'the isolation level was ' || current_setting('transaction_isolation');
  else
    begin
      grown := queue_statistics.fold_events(events, feed, null);
      return true;
    exception when others then
      why := sqlerrm;
    end;
  end if;
  insert into queue_statistics.kept_events (feed, event, reason)
  select fold_or_keep.feed, e, left(why, 200) from unnest(events) e;
  return false;
end
  $$;

-- Folds kept events, the oldest first: up to `most` of one phone system and feed per call. Returns how many events it
-- took, 0 when none is left but those of phone systems that an open transaction locks. For the owner of the schema, in
-- a transaction of its own.
create function queue_statistics.fold_kept(most integer)
  returns bigint language plpgsql
  set lock_timeout = '2s'
  as $$
declare
  system text;
  first  queue_statistics.kept_events;
  taken  bigint[];
  events queue_statistics.phone_event[];
  grown  record;
begin
  begin
    insert into queue_statistics.phone_systems (source)
    select distinct (k.event).source from queue_statistics.kept_events k order by 1
        on conflict on constraint phone_systems_pkey do nothing;
  exception when lock_not_available then null;  -- the first transaction of a phone system is still open
  end;
  select s.source into system
    from queue_statistics.phone_systems s
   where exists (select from queue_statistics.kept_events k where (k.event).source = s.source)
   limit 1 for no key update skip locked;
  if not found then
    return 0;
  end if;
  select * into first from queue_statistics.kept_events k where (k.event).source = system order by k.id limit 1;
  select array_agg(k.id), array_agg(k.event order by k.id) into taken, events
    from (select * from queue_statistics.kept_events k
           where (k.event).source = system and k.feed = first.feed order by k.id limit most) k;
  if taken is null then
    return 1;  -- another roll-up has just folded them
  end if;
  grown := queue_statistics.fold_each(events, first.feed, null);
  delete from queue_statistics.kept_events k where k.id = any (taken);
  return cardinality(taken);
end
  $$;
