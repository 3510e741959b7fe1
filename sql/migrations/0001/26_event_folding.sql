-- Folding: the one way by which events come in, live or from a file. A file of its own because the triggers, the
-- imports and the follower all call this function, and it decides alone which events are new.

-- Stores the events that are new, and makes the calls that follow from them. Events of a time that was pruned, and of
-- queue names that are nobody's, are left out. Returns by how many the numbers of offers
-- and of callers grew.
--   events    of one phone system or several; of a file, all equal events in one call
--   feed      where the events come from
--   customer  of an import: id of the customer whose queues the names mean; else null
--
-- It takes the lock on names, shared, and the lock of each phone system, until the end of the transaction. It never
-- makes a queue, and never reads the tables that phone systems insert into.
--
-- Plans are made once, while tables may be empty, and kept while the tables grow. Hence the settings that rule out
-- sequential scans.
create function queue_statistics.fold_events(events queue_statistics.phone_event[], feed queue_statistics.event_feed,
                                             customer bigint, out offers bigint, out callers bigint)
  language plpgsql
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off
  as $$
declare
  live constant boolean := feed = 'queue_log';
  followed constant boolean := feed = 'followed_file';
  e queue_statistics.phone_event;
  locked text;
  seen queue_statistics.phone_events[];  -- call is null: the event is stored already
  resolved queue_statistics.phone_events[];
  stored bigint;
begin
  offers := 0;
  callers := 0;
  foreach e in array events loop
    if e.source is distinct from locked then
      perform pg_catalog.pg_advisory_xact_lock_shared(pg_catalog.hashtext('queue_statistics.names'), 0),
              pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('queue_statistics'), pg_catalog.hashtext(e.source));
      locked := e.source;
    end if;
    if e.kind = 'restart' and queue_statistics.may_be_folded(e.time) then
      perform queue_statistics.restart(e.source, e.time);
    end if;
  end loop;

  seen := array(
    select row(n.source, n.callid, n.queue_name, n.agent, n.kind, n.time, n.began, n.ring, n.hold, n.talk, n.outcome,
               n.reason, n.wait, n.elapsed, n.digest, n.ordinal, live, followed, n.queue,
               case when n.ordinal <= n.stored then null
                    when feed = 'file'  -- the import moved the sequences past all ids
                      then pg_catalog.nextval('queue_statistics.queue_destination_calls_id_seq')
                    else queue_statistics.call_id(n.queue) end,
               case when n.ordinal <= n.stored or n.kind not in ('enter', 'refusal') then null
                    when feed = 'file' then pg_catalog.nextval('queue_statistics.queue_calls_id_seq')
                    else queue_statistics.caller_id(n.queue) end)::queue_statistics.phone_events
      from (select u.*, q.queue, k.stored,
                   k.shown + pg_catalog.row_number() over (partition by u.callid, u.digest) as ordinal
              from pg_catalog.unnest(events) u
             cross join lateral (
               select coalesce(max(s.ordinal), 0) as stored,
                      coalesce(max(s.ordinal) filter (where live and s.shown_live or followed and s.shown_followed),
                               0) as shown
                 from queue_statistics.phone_events s where s.callid = u.callid and s.digest = u.digest offset 0) k
              join (select d.queue_name, queue_statistics.queue_of(d.queue_name, customer) as queue
                      from (select distinct x.queue_name from pg_catalog.unnest(events) x offset 0) d offset 0) q
                on q.queue_name = u.queue_name
               and (q.queue is not null or not queue_statistics.is_nobodys(q.queue_name))
             where u.kind <> 'restart' and queue_statistics.may_be_folded(u.time)) n);

  insert into queue_statistics.phone_events select s.* from pg_catalog.unnest(seen) s where s.call is not null;
  get diagnostics stored = row_count;
  if stored < pg_catalog.cardinality(seen) then
    with found as (
      update queue_statistics.phone_events o set queue = s.queue
        from pg_catalog.unnest(seen) s
       where s.call is null and o.callid = s.callid and o.digest = s.digest and o.ordinal = s.ordinal
         and o.queue is null and s.queue is not null
      returning o
    )
    select pg_catalog.array_agg(f.o) into resolved from found f;
    update queue_statistics.phone_events o
       set shown_live = o.shown_live or live, shown_followed = o.shown_followed or followed
      from pg_catalog.unnest(seen) s
     where s.call is null and o.callid = s.callid and o.digest = s.digest and o.ordinal = s.ordinal
       and (live and not o.shown_live or followed and not o.shown_followed);
    seen := array(select s from pg_catalog.unnest(seen) s where s.call is not null) || resolved;
  end if;
  if pg_catalog.cardinality(seen) > 0 then
    select m.offers, m.callers into offers, callers from queue_statistics.make_calls(seen) m;
  end if;
end
  $$;
