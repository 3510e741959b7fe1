-- Making calls of stored events. A file of its own because here events become calls, whatever the reason: an event that
-- arrives, a name that is resolved, or a phone system that starts. Beside it only move_agent() (21_event_names.sql)
-- changes calls of events.

-- An id for a call that an event will make: the next of the sequence that no call of the queue has. A site may have
-- given the next one to a call of its own.
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

-- Makes the calls that follow from the events `fresh`: events that were stored just now, or whose queue was resolved
-- just now. Events without a queue make nothing. Returns by how many the number of calls grew (bigint, negative when it
-- shrank). Calls that started before the time in `pruned` are not inserted.
--
-- Inserts take up to two passes. The first pass inserts what it can. What it cannot insert lacks a destination, or a
-- site has given the event's id to a call of its own meanwhile. The missing destination is added, or another id is
-- drawn, and the second pass inserts the rest. What still cannot be inserted is an error, so that the whole transaction
-- is undone and no event is stored without its call.
--
-- It locks the rows of calls that it changes. It never changes a call of a site's own: one whose id or uniqueid is not
-- the event's. Whoever calls it holds the locks of the phone systems.
create function queue_statistics.make_calls(fresh queue_statistics.offer_events[])
  returns bigint language plpgsql
  as $$
declare
  entries queue_statistics.offer_events[];
  changes queue_statistics.call_change[];
  inserts bigint;
  deletes bigint;
  inserted bigint := 0;
  n bigint;
begin
  entries := array(
    select f from pg_catalog.unnest(fresh) f
     where f.kind in ('answer', 'end')
        or f.kind = 'entry'  -- an entry is most often the first event of a call
           and exists (select from queue_statistics.offer_events o
                        where o.callid = f.callid and o.kind in ('answer', 'end') offset 0));
  select pg_catalog.array_agg(row(c.*)::queue_statistics.call_change),
         pg_catalog.count(*) filter (where c.action = 'insert'), pg_catalog.count(*) filter (where c.action = 'delete')
    into changes, inserts, deletes
    from (select 'insert' as action, f.queue, f.call, f.agent, f.callid, f.began as start, f.ring, null::integer,
                 null::integer, f.outcome, false
            from pg_catalog.unnest(fresh) f where f.kind = 'offer' and f.queue is not null
          union all
          select m.* from queue_statistics.match_answers(entries) m where pg_catalog.cardinality(entries) > 0) c
   where c.action <> 'insert' or c.start >= pg_catalog.date_trunc('day', pg_catalog.now(), 'UTC')  -- was not pruned
      or c.start >= coalesce((select p.before from queue_statistics.pruned p), '-infinity');
  if changes is null then
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
               where i.action = 'insert') m
          on conflict (queue, dtype, dnumber) do nothing;
      with taken as (
        update queue_statistics.offer_events o set call = queue_statistics.call_id(i.queue)
          from pg_catalog.unnest(changes) i
          join queue_statistics.queue_destination_calls t
            on t.queue = i.queue and t.id = i.id and t.uniqueid <> i.uniqueid
         where i.action = 'insert' and o.callid = i.uniqueid and o.queue = i.queue and o.call = i.id
        returning i.id as was, o.call as id
      )
      select pg_catalog.array_agg(row(c.action, c.queue, coalesce(t.id, c.id), c.agent, c.uniqueid, c.start, c.ringtime,
                                      c.holdtime, c.talktime, c.outcome, c.in_progress)::queue_statistics.call_change)
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

-- When each phone system last started.
create table queue_statistics.phone_systems (
  source    text collate "C" primary key,
  restarted timestamptz not null
);

-- A phone system started: its calls that were answered until then are no longer in progress. Nothing happens when a
-- later start is known. Only calls of events change, never a site's own.
create function queue_statistics.restart(source text, "time" timestamptz)
  returns void language plpgsql
  as $$
begin
  insert into queue_statistics.phone_systems as s (source, restarted) values (restart.source, restart.time)
      on conflict on constraint phone_systems_pkey do update set restarted = excluded.restarted
   where s.restarted < excluded.restarted;
  if not found then
    return;  -- a later restart is known, and ended all that this one could
  end if;
  update queue_statistics.queue_destination_calls c set in_progress = false
    from queue_statistics.offer_events o
   where c.in_progress and o.callid = c.uniqueid and o.queue = c.queue and o.call = c.id
     and o.source = restart.source and o.began <= restart.time;
end
  $$;
