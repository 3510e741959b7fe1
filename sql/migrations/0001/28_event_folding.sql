-- Folding: the one way by which events come in, live or from a file. A file of its own because the triggers, the
-- imports and the follower all call this function, and it decides alone which events are new.

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
      of_queue := queue_statistics.queue_of(e.queue_name, customer, e.customer);
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
              join (select d.*, queue_statistics.queue_of(d.queue_name, fold_events.customer, d.customer) as queue
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
