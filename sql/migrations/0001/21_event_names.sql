-- What the names of queues and agents in events mean, and what happens when their meaning changes. A file of its own
-- because a site changes these tables by hand or by `queue-statistics map`, and the triggers on them belong together.
-- "Locks" in 20_event_kinds.sql explains the locks.

-- An agent's name in events means this destination.
create table queue_statistics.map_agents (
  name    text collate "C" primary key check (char_length(name) between 1 and 255),
  dtype   text collate "C" not null check (dtype <> ''),
  dnumber text collate "C" not null check (dnumber <> '')
);
-- A queue name in events means this queue. `queue` null: the name is nobody's, and its events are not stored.
create table queue_statistics.map_queues (
  name  text collate "C" primary key check (char_length(name) between 1 and 255),
  queue bigint references queue_statistics.queues on update restrict on delete restrict
);

-- The destination that an agent's name means; always one row. What map_agents says counts first. Else `TECH/1001`,
-- `Agent/1001` and `Local/1001@context/n` are phone 1001, and any other name is a phone whose number is the name. The
-- function only reads, and does not ask whether the destination exists.
create function queue_statistics.agent_destination(agent text)
  returns table (dtype text, dnumber text) language sql stable rows 1
  as $$
  select coalesce(m.dtype, 'phone'),
         coalesce(m.dnumber, case when agent ~ '^[A-Za-z0-9_]+/[^/@]+$' then split_part(agent, '/', 2)
                                  when agent ~ '^[Ll]ocal/[^/@]+@' then split_part(split_part(agent, '/', 2), '@', 1)
                                  else agent end)
    from (select) one
    left join queue_statistics.map_agents m on m.name = agent
  $$;

-- Queues that are not deleted, whose customer is not deleted, nor any customer above.
create view queue_statistics.current_queues as
  select q.id, q.customer, q.name
    from queue_statistics.queues q
    join queue_statistics.customers c on c.id = q.customer
   where not q.deleted and not c.deleted
     and (c.parent is null or not queue_statistics.is_deleted(c.parent));

-- The id of the queue that a name means; null when no queue or several queues have the name. `customer` (an import):
-- only a queue of that customer; null (live events): a queue of any customer. What map_queues says counts first, if
-- that queue is the customer's; a name that is nobody's still means a queue of that name to that queue's own customer.
-- Deleted queues and queues of deleted customers never count. The function only reads. It is plpgsql, as are those
-- below, because plpgsql keeps its plans.
create function queue_statistics.queue_of(name text, customer bigint)
  returns bigint language plpgsql stable
  as $$
declare
  mapped bigint;
  fitting bigint[];
begin
  select m.queue into mapped from queue_statistics.map_queues m where m.name = queue_of.name;
  if found and mapped is null and queue_of.customer is null then
    return null;
  end if;
  if mapped is not null and (queue_of.customer is null or exists (
       select from queue_statistics.queues q where q.id = mapped and q.customer = queue_of.customer)) then
    return (select q.id from queue_statistics.current_queues q where q.id = mapped);
  end if;
  fitting := array(select q.id from queue_statistics.current_queues q
                    where q.name = queue_of.name
                      and (queue_of.customer is null or q.customer = queue_of.customer) limit 2);
  return case when cardinality(fitting) = 1 then fitting[1] end;
end
  $$;

-- Whether map_queues says that a queue name is nobody's. Events with that name that have no queue are not stored.
create function queue_statistics.is_nobodys(name text)
  returns boolean language plpgsql stable
  as $$
begin
  return exists (select from queue_statistics.map_queues m where m.name = is_nobodys.name and m.queue is null);
end
  $$;

-- Deletes up to a thousand of the events that wait for a name that is nobody's. Returns how many it deleted. It takes
-- no lock of phone systems: no waiting event has a call, and folding stores none of this name any more.
create function queue_statistics.drop_nobodys(name text)
  returns bigint language plpgsql
  set enable_seqscan = off
  as $$
declare
  dropped bigint;
begin
  delete from queue_statistics.phone_events
   where ctid = any (array(select e.ctid from queue_statistics.phone_events e
                            where e.queue is null and e.queue_name = drop_nobodys.name
                              and queue_statistics.is_nobodys(drop_nobodys.name) limit 1000));
  get diagnostics dropped = row_count;
  return dropped;
end
  $$;

-- Queue names that events wait for, per phone system. `events`: how many wait. `queues`: how many current queues have
-- the name.
create view queue_statistics.unmapped_queues as
  select e.queue_name, e.source, count(*) as events, min(e.time) as first_event, max(e.time) as last_event,
         (select count(*) from queue_statistics.current_queues q where q.name = e.queue_name) as queues
    from queue_statistics.phone_events e
   where e.queue is null
   group by e.queue_name, e.source;

-- Takes the lock on names alone, until the end of the transaction. A wait in the lock's own queue would keep all events
-- waiting that come after. So the function tries for ten seconds first, and only then waits in the queue. Whoever has
-- the lock looks things up in a later statement, to see what was committed meanwhile.
create function queue_statistics.lock_names()
  returns void language plpgsql
  as $$
begin
  for attempt in 1..200 loop
    if pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtext('queue_statistics.names'), 0) then
      return;
    end if;
    perform pg_catalog.pg_sleep(0.05);
  end loop;
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('queue_statistics.names'), 0);
end
  $$;

-- Resolves a queue name that events wait for: when the name has a queue by now, the waiting events get that queue and
-- make their calls, a thousand events at a time. Otherwise nothing happens. It takes the lock of each phone system
-- whose events wait for the name, in the order of the phone systems' names. It never takes the lock on names.
create function queue_statistics.resolve_name(name text)
  returns void language plpgsql
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off
  as $$
declare
  resolved constant bigint := queue_statistics.queue_of(name, null);
  fresh queue_statistics.phone_events[];
begin
  if resolved is null then
    return;
  end if;
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('queue_statistics'), pg_catalog.hashtext(w.source))
     from (select distinct e.source from queue_statistics.phone_events e
            where e.queue is null and e.queue_name = name order by e.source) w;
  loop
    with waiting as (
      select e.callid, e.digest, e.ordinal from queue_statistics.phone_events e
       where e.queue is null and e.queue_name = name limit 1000
    ),
    found as (
      update queue_statistics.phone_events e set queue = resolved
        from waiting w
       where e.callid = w.callid and e.digest = w.digest and e.ordinal = w.ordinal
      returning e
    )
    select pg_catalog.array_agg(f.e) into fresh from found f;
    exit when fresh is null;
    perform queue_statistics.make_calls(fresh);
  end loop;
end
  $$;

-- Resolves every name that events wait for although the name has a queue. `queue-statistics roll-up` calls it: "Locks"
-- in 20_event_kinds.sql says how such events come about.
create function queue_statistics.resolve_forgotten()
  returns void language sql
  set enable_seqscan = off
  as $$
  select queue_statistics.resolve_name(w.queue_name)
    from (select distinct e.queue_name from queue_statistics.phone_events e where e.queue is null) w
  $$;

-- Resolves waiting names after a change that may have given a name a queue. A change of map_queues or of a queue
-- concerns the old and the new name. A change of a customer may concern any name. Only a change of map_queues takes the
-- lock on names.
create function queue_statistics.resolve_waiting()
  returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp set enable_seqscan = off
  as $$
begin
  if tg_table_name = 'map_queues' then
    perform queue_statistics.lock_names();
  end if;
  perform queue_statistics.resolve_name(w.queue_name)
     from (select distinct e.queue_name from queue_statistics.phone_events e
            where e.queue is null and (tg_table_name = 'customers' or e.queue_name in (old.name, new.name))) w;
  return null;
end
  $$;
create trigger resolve_waiting after insert or update or delete on queue_statistics.map_queues
  for each row execute function queue_statistics.resolve_waiting();
create trigger resolve_waiting after insert or update of customer, name, deleted on queue_statistics.queues
  for each row execute function queue_statistics.resolve_waiting();
create trigger resolve_waiting after update of parent, deleted on queue_statistics.customers
  for each row execute function queue_statistics.resolve_waiting();

-- Moves the offers of an agent whose name means another destination now: the old name's and the new name's. It takes
-- the lock on names, adds destinations that are missing, and updates calls that come from events. A call of a site's
-- own is never moved.
create function queue_statistics.move_agent()
  returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp set jit = off
  as $$
declare
  name text;
begin
  perform queue_statistics.lock_names();
  foreach name in array array_remove(array[old.name, nullif(new.name, old.name)], null) loop
    insert into queue_statistics.queue_destinations (id, queue, dtype, dnumber)
    select queue_statistics.destination_id(), m.*
      from (select distinct c.queue, a.dtype, a.dnumber
              from queue_statistics.phone_events e
              join queue_statistics.queue_destination_calls c
                on c.queue = e.queue and c.id = e.call and c.uniqueid = e.callid
             cross join queue_statistics.agent_destination(name) a
             where e.agent = name) m
        on conflict (queue, dtype, dnumber) do nothing;
    update queue_statistics.queue_destination_calls c set destination = d.id
      from queue_statistics.phone_events e
     cross join queue_statistics.agent_destination(name) a
      join queue_statistics.queue_destinations d on d.queue = e.queue and d.dtype = a.dtype and d.dnumber = a.dnumber
     where e.agent = name and c.queue = e.queue and c.id = e.call and c.uniqueid = e.callid and c.destination <> d.id;
  end loop;
  return null;
end
  $$;
create trigger move_agent after insert or update or delete on queue_statistics.map_agents
  for each row execute function queue_statistics.move_agent();
