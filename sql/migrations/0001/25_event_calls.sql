-- Making calls of stored events. A file of its own because here events become calls, whatever the reason: an event that
-- arrives, a name that is resolved, or a phone system that starts. Beside it
-- make_usual_calls() (26) makes calls of events, and move_offers() (21), merge_events() (27) and forget_step() (32)
-- change some.

-- An id for an offer that an event will make: the next of the sequence that no offer of the queue has. A site may have
-- given the next one to an offer of its own.
create function queue_statistics.call_id(of_queue bigint)
  returns bigint language plpgsql
  as $$
declare
  drawn bigint;
begin
  loop
    drawn := pg_catalog.nextval('queue_statistics.queue_destination_calls_id_seq');
    exit when not exists (select from queue_statistics.queue_destination_calls c
                           where c.queue = of_queue and c.id = drawn);
  end loop;
  return drawn;
end
  $$;

-- An id for a caller, likewise.
create function queue_statistics.caller_id(of_queue bigint)
  returns bigint language plpgsql
  as $$
declare
  drawn bigint;
begin
  loop
    drawn := pg_catalog.nextval('queue_statistics.queue_calls_id_seq');
    exit when not exists (select from queue_statistics.queue_calls c where c.queue = of_queue and c.id = drawn);
  end loop;
  return drawn;
end
  $$;

-- An id for a destination: the next of the sequence that no destination has.
create function queue_statistics.destination_id()
  returns bigint language plpgsql
  as $$
declare
  drawn bigint;
begin
  loop
    drawn := pg_catalog.nextval('queue_statistics.queue_destinations_id_seq');
    exit when not exists (select from queue_statistics.queue_destinations d where d.id = drawn);
  end loop;
  return drawn;
end
  $$;

-- An offer as the events want it. `action`: insert, update or delete. `uniqueid` is the events' callid, and `agent`
-- says the destination. Times are seconds, as in the table.
create type queue_statistics.offer_change as (
  action      text,
  queue       bigint,
  id          bigint,
  agent       text,
  uniqueid    text,
  start       timestamptz,
  ringtime    integer,
  holdtime    integer,
  talktime    integer,
  outcome     queue_statistics.call_outcome,
  in_progress boolean
);

-- From which moment on calls may be inserted by events: `queue-statistics prune` has deleted neither calls of a later
-- time nor all events of a later time, of which the call may have been made already.
create function queue_statistics.may_be_made_since()
  returns timestamptz language plpgsql stable
  as $$
begin
  return coalesce((select greatest(p.before, p.events_before - interval '1 day') from queue_statistics.pruned p),
                  '-infinity');
end
  $$;

-- From which moment on events may be folded: `queue-statistics prune` has not deleted events of a later time.
create function queue_statistics.may_be_folded_since()
  returns timestamptz language plpgsql stable
  as $$
begin
  return coalesce((select p.events_before from queue_statistics.pruned p), '-infinity');
end
  $$;

-- Whether an event may insert a call that started at that moment.
create function queue_statistics.may_be_made(start timestamptz)
  returns boolean language plpgsql stable
  as $$
begin
  if start >= pg_catalog.date_trunc('day', pg_catalog.now(), 'UTC') then
    return true;  -- the usual case, without a look at the table: nobody prunes what started today
  end if;
  return start >= queue_statistics.may_be_made_since();
end
  $$;

-- Whether an event of that time may be folded.
create function queue_statistics.may_be_folded("time" timestamptz)
  returns boolean language plpgsql stable
  as $$
begin
  if "time" >= pg_catalog.date_trunc('day', pg_catalog.now(), 'UTC') then
    return true;  -- as in may_be_made()
  end if;
  return "time" >= queue_statistics.may_be_folded_since();
end
  $$;

-- Makes the offers that follow from the events `fresh` and from what match_answers() and match_legs() say of them.
-- Returns by how many the number of offers grew, negative when it shrank.
--
-- Inserts take up to two passes. The first pass inserts what it can. What it cannot insert lacks a destination, or a
-- site has given the event's id to an offer of its own. The missing destination is added, or another id is
-- drawn, and the second pass inserts the rest. What still cannot be inserted is an error, so that the whole transaction
-- is undone and no event is stored without its call.
create function queue_statistics.make_offers(fresh queue_statistics.phone_events[],
                                             answers queue_statistics.matched_answer[])
  returns bigint language plpgsql
  as $$
declare
  since constant timestamptz := queue_statistics.may_be_made_since();
  changes queue_statistics.offer_change[];
  inserts bigint;
  deletes bigint;
  inserted bigint := 0;
  n bigint;
begin
  changes := array(
    select row('insert', f.queue, f.call, f.agent, f.callid, f.began, f.ring, null, null, f.outcome,
               false)::queue_statistics.offer_change
      from pg_catalog.unnest(fresh) f
     where f.kind = 'offer' and f.queue is not null and f.began >= since);
  inserts := pg_catalog.cardinality(changes);
  deletes := 0;
  if answers is not null then
    changes := changes || array(
      select row(case when t.id is null then 'insert' when a.wanted then 'update' else 'delete' end,
                 (a.event).queue, (a.event).call, (a.event).agent, (a.event).callid, a.start, a.ringtime, a.holdtime,
                 a.talktime, a.outcome, a.in_progress)::queue_statistics.offer_change
        from pg_catalog.unnest(answers) a
        left join lateral (
          select * from queue_statistics.queue_destination_calls t
           where t.queue = (a.event).queue and t.id = (a.event).call and t.uniqueid = (a.event).callid
          offset 0) t on true
       where not (a.event).offer_is_own
         and case when not a.wanted then t.id is not null
                  else (t.start, t.ringtime, t.holdtime, t.talktime, t.outcome, t.in_progress)
                       is distinct from (a.start, a.ringtime, a.holdtime, a.talktime, a.outcome, a.in_progress)
                       and (t.id is not null or a.start >= since) end);
    select pg_catalog.count(*) filter (where c.action = 'insert'),
           pg_catalog.count(*) filter (where c.action = 'delete')
      into inserts, deletes
      from pg_catalog.unnest(changes) c;
  end if;
  if changes = '{}' then
    return 0;
  end if;

  if deletes > 0 then
    delete from queue_statistics.queue_destination_calls t using pg_catalog.unnest(changes) u
     where u.action = 'delete' and t.queue = u.queue and t.id = u.id and t.uniqueid = u.uniqueid;
    get diagnostics deletes = row_count;
  end if;
  if inserts + deletes < pg_catalog.cardinality(changes) then
    update queue_statistics.queue_destination_calls t
       set start = u.start, ringtime = u.ringtime, holdtime = u.holdtime, talktime = u.talktime, outcome = u.outcome,
           in_progress = u.in_progress
      from pg_catalog.unnest(changes) u
     where u.action = 'update' and t.queue = u.queue and t.id = u.id and t.uniqueid = u.uniqueid;
  end if;

  for pass in 1..2 loop
    exit when inserted = inserts;
    if pass = 2 then
      insert into queue_statistics.queue_destinations (id, queue, dtype, dnumber)
      select queue_statistics.destination_id(), m.*
        from (select distinct i.queue, a.dtype, a.dnumber
                from pg_catalog.unnest(changes) i
               cross join lateral queue_statistics.agent_destination(i.agent) a
               where i.action = 'insert'
               order by 1, 2, 3) m  -- so that two phone systems that share a queue do not wait for each other
          on conflict (queue, dtype, dnumber) do nothing;
      with taken as (
        update queue_statistics.phone_events o set call = queue_statistics.call_id(i.queue)
          from pg_catalog.unnest(changes) i
          join queue_statistics.queue_destination_calls t
            on t.queue = i.queue and t.id = i.id and t.uniqueid <> i.uniqueid
         where i.action = 'insert' and o.callid = i.uniqueid and o.queue = i.queue and o.call = i.id
        returning i.id as was, o.call as id
      )
      select pg_catalog.array_agg(row(c.action, c.queue, coalesce(t.id, c.id), c.agent, c.uniqueid, c.start, c.ringtime,
                                      c.holdtime, c.talktime, c.outcome, c.in_progress)::queue_statistics.offer_change)
        into changes
        from pg_catalog.unnest(changes) c
        left join taken t on t.was = c.id;
    end if;
    -- `offset 0`: the agent's name is read first, then one destination is looked up, not all of the queue.
    insert into queue_statistics.queue_destination_calls
           (id, queue, destination, uniqueid, start, ringtime, holdtime, talktime, outcome, in_progress)
    select i.id, i.queue, d.id, i.uniqueid, i.start, i.ringtime, i.holdtime, i.talktime, i.outcome, i.in_progress
      from pg_catalog.unnest(changes) i
     cross join lateral (select * from queue_statistics.agent_destination(i.agent) offset 0) a
     cross join lateral (
       select d.id from queue_statistics.queue_destinations d
        where d.queue = i.queue and d.dtype = a.dtype and d.dnumber = a.dnumber offset 0) d
     where i.action = 'insert'
       and not exists (select from queue_statistics.queue_destination_calls t where t.queue = i.queue and t.id = i.id);
    get diagnostics n = row_count;
    inserted := inserted + n;
  end loop;
  if inserted < inserts and exists (select from pg_catalog.unnest(changes) i
                                     where i.action = 'insert'
                                       and not exists (select from queue_statistics.queue_destination_calls t
                                                        where t.queue = i.queue and t.id = i.id)) then
    raise 'calls of phone events could not be inserted';
  end if;
  return inserted - deletes;
end
  $$;

-- A caller as the events want it, likewise. `digest`, `time` and `ordinal` name the event that the caller begins with,
-- beside `uniqueid`, its callid. `is_new`: an insert whose id was drawn just now.
create type queue_statistics.caller_change as (
  action      text,
  queue       bigint,
  id          bigint,
  uniqueid    text,
  digest      bytea,
  "time"      timestamptz,
  ordinal     integer,
  is_new      boolean,
  entered     timestamptz,
  waittime    integer,
  talktime    integer,
  outcome     queue_statistics.caller_outcome,
  in_progress boolean
);

-- Makes the callers agree with what match_callers() says: inserts, updates or deletes rows. Returns by how many the
-- number of callers grew, negative when it shrank.
create function queue_statistics.make_callers(matched queue_statistics.matched_caller[])
  returns bigint language plpgsql
  as $$
declare
  since constant timestamptz := queue_statistics.may_be_made_since();
  changes queue_statistics.caller_change[];
  deleted bigint;
  inserted bigint;
begin
  -- `t`: who has the event's id, if anybody: its caller, or one of a site's own.
  changes := array(
    select row(case when t.uniqueid = (m.event).callid then case when m.wanted then 'update' else 'delete' end
                    else 'insert' end,
               (m.event).queue, case when d.is_new then queue_statistics.caller_id((m.event).queue)
                                     else (m.event).caller end,
               (m.event).callid, (m.event).digest, (m.event)."time", (m.event).ordinal, d.is_new, m.entered,
               m.waittime, m.talktime, m.outcome, m.in_progress)::queue_statistics.caller_change
      from pg_catalog.unnest(matched) m
      left join lateral (
        select * from queue_statistics.queue_calls t
         where t.queue = (m.event).queue and t.id = (m.event).caller offset 0) t on true
     cross join lateral (
       select (m.event).caller is null or t.uniqueid <> (m.event).callid as is_new) d
     where not (m.event).caller_is_own
       and case when t.uniqueid = (m.event).callid
                then not m.wanted or (t.entered, t.waittime, t.talktime, t.outcome, t.in_progress)
                                     is distinct from (m.entered, m.waittime, m.talktime, m.outcome, m.in_progress)
                else m.wanted and m.entered >= since end);
  if changes = '{}' then
    return 0;
  end if;
  delete from queue_statistics.queue_calls t using pg_catalog.unnest(changes) c
   where c.action = 'delete' and t.queue = c.queue and t.id = c.id and t.uniqueid = c.uniqueid;
  get diagnostics deleted = row_count;
  update queue_statistics.queue_calls t
     set entered = c.entered, waittime = c.waittime, talktime = c.talktime, outcome = c.outcome,
         in_progress = c.in_progress
    from pg_catalog.unnest(changes) c
   where c.action = 'update' and t.queue = c.queue and t.id = c.id and t.uniqueid = c.uniqueid;
  update queue_statistics.phone_events o set caller = c.id
    from pg_catalog.unnest(changes) c
   where c.action = 'insert' and c.is_new and o.callid = c.uniqueid and o.digest = c.digest and o."time" = c."time"
     and o.ordinal = c.ordinal;
  insert into queue_statistics.queue_calls
         (id, queue, uniqueid, entered, waittime, talktime, outcome, in_progress)
  select c.id, c.queue, c.uniqueid, c.entered, c.waittime, c.talktime, c.outcome, c.in_progress
    from pg_catalog.unnest(changes) c where c.action = 'insert';
  get diagnostics inserted = row_count;
  return inserted - deleted;
end
  $$;

-- Makes the calls that follow from the events `fresh`: events that were stored just now, or whose queue was resolved
-- just now. Events without a queue make nothing. Returns by how many the numbers of offers and of callers grew. Calls
-- that started before the time in `pruned` are not inserted.
--
-- It locks the rows of calls that it changes. It never changes a call of a site's own: one whose id or uniqueid is not
-- the event's. Whoever calls it holds the locks of the phone systems.
create function queue_statistics.make_calls(fresh queue_statistics.phone_events[],
                                            out offers bigint, out callers bigint)
  language plpgsql
  as $$
declare
  related constant queue_statistics.phone_events[] := array(  -- of callers who entered
    select f from pg_catalog.unnest(fresh) f
     where f.queue is not null and f.kind not in ('refusal', 'leg') and (f.kind <> 'offer' or f.reason is not null));
  legs constant queue_statistics.phone_events[] := array(
    select f from pg_catalog.unnest(fresh) f where f.queue is not null and f.kind = 'leg');
  matched queue_statistics.matched_caller[] := array(
    select row(f, true, f."time", null, null, 'refused', false)::queue_statistics.matched_caller
      from pg_catalog.unnest(fresh) f where f.queue is not null and f.kind = 'refusal');
  answers queue_statistics.matched_answer[];
  folding text;  -- not used; an assignment costs less than `perform`
begin
  folding := pg_catalog.set_config('queue_statistics.folding', 'on', true);
  callers := 0;
  if pg_catalog.cardinality(related) > 0 then
    answers := array(select m from queue_statistics.match_answers(related) m);
    matched := matched || array(select m from queue_statistics.match_callers(related, answers) m
                                 where (m.event).queue is not null);
  end if;
  if pg_catalog.cardinality(legs) > 0 then
    answers := answers || array(select m from queue_statistics.match_legs(legs) m);
  end if;
  offers := queue_statistics.make_offers(fresh, answers);
  if pg_catalog.cardinality(matched) > 0 then
    callers := queue_statistics.make_callers(matched);
  end if;
  folding := pg_catalog.set_config('queue_statistics.folding', '', true);
end
  $$;

-- The phone systems that have sent events, and when each last started; null: never since. Whoever folds events of a
-- phone system holds the lock on its row. No role but the owner can take that lock. `moved_to`: its queues have moved
-- to this shard (17_nodes.sql), and its events wait here until they are carried there; null: they have not.
create table queue_statistics.phone_systems (
  source    text collate "C" primary key,
  restarted timestamptz,
  moved_to  smallint
);

-- Locks the rows of phone systems until the end of the transaction, in the order of their names. Adds missing ones.
create function queue_statistics.lock_phone_systems(sources text[])
  returns void language plpgsql
  as $$
declare
  ordered constant text[] := array(select distinct s collate "C" from pg_catalog.unnest(sources) s order by 1);
  locked bigint;
begin
  loop
    perform from queue_statistics.phone_systems s where s.source = any (ordered) order by s.source for no key update;
    get diagnostics locked = row_count;
    exit when locked = pg_catalog.cardinality(ordered);
    insert into queue_statistics.phone_systems (source) select pg_catalog.unnest(ordered)
        on conflict on constraint phone_systems_pkey do nothing;
  end loop;
end
  $$;

-- A phone system started: its callers who waited or talked until then do so no longer. Nothing happens when a later
-- start is known. Only calls of events change, never a site's own.
create function queue_statistics.restart(source text, "time" timestamptz)
  returns void language plpgsql
  as $$
declare
  open queue_statistics.phone_events[];
begin
  update queue_statistics.phone_systems s set restarted = restart.time
   where s.source = restart.source and (s.restarted < restart.time) is not false;
  if not found then
    return;  -- a later restart is known, and ended all that this one could
  end if;
  open := array(
    select o
      from queue_statistics.queue_destination_calls c
      join queue_statistics.phone_events o on o.callid = c.uniqueid and o.queue = c.queue and o.call = c.id
     where c.in_progress and o.source = restart.source and o.kind in ('answer', 'end')
    union
    select o
      from queue_statistics.queue_calls c
      join queue_statistics.phone_events o on o.callid = c.uniqueid and o.queue = c.queue and o.caller = c.id
     where (c.in_progress or c.outcome = 'waiting') and o.source = restart.source and o.kind <> 'refusal');
  perform queue_statistics.make_calls(open);
end
  $$;
