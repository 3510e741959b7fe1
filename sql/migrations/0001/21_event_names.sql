-- What the names of queues and agents in events mean.

create table queue_statistics.map_agents (
  name    text collate "C" primary key check (char_length(name) between 1 and 255),
  dtype   text collate "C" not null check (dtype <> ''),
  dnumber text collate "C" not null check (dnumber <> '')
);
create table queue_statistics.map_queues (
  name  text collate "C" primary key check (char_length(name) between 1 and 255),
  queue bigint not null references queue_statistics.queues on update restrict on delete restrict
);

-- What an agent's name means: `TECH/1001`, `Agent/1001` and `Local/1001@context/n` are phone 1001, anything else is a
-- phone whose number is the name.
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

-- Whether neither a customer nor anyone above it is deleted. plpgsql, so that the walk costs nothing where it is not
-- made.
create function queue_statistics.is_current(customer bigint)
  returns boolean language plpgsql stable
  as $$
begin
  return not (select bool_or(l.deleted) from queue_statistics.customer_line(is_current.customer) l);
end
  $$;

-- Queues that are not deleted, nor their customers, nor anyone above these.
create view queue_statistics.current_queues as
  select q.id, q.customer, q.name
    from queue_statistics.queues q
    join queue_statistics.customers c on c.id = q.customer
   where not q.deleted and not c.deleted
     and (c.parent is null or queue_statistics.is_current(c.parent));

-- The queue of a name; null when none or several fit. With a customer (an import): a queue of that customer.
-- plpgsql, here and below, because it keeps its plans.
create function queue_statistics.queue_of(name text, customer bigint)
  returns bigint language plpgsql stable
  as $$
declare
  mapped bigint;
  fitting bigint[];
begin
  select m.queue into mapped from queue_statistics.map_queues m where m.name = queue_of.name;
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

create view queue_statistics.unmapped_queues as
  select e.queue_name, e.source, count(*) as events, min(e.time) as first_event, max(e.time) as last_event,
         (select count(*) from queue_statistics.current_queues q where q.name = e.queue_name) as queues
    from queue_statistics.offer_events e
   where e.queue is null
   group by e.queue_name, e.source;

-- The lock on names, alone. Waiting for it keeps all events waiting that come after: so it is tried for ten seconds
-- first. Whoever has it looks things up in a later statement, to see what was committed meanwhile.
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

-- Resolves a queue name that events wait for: they come in, a thousand at a time, when the name has a queue by now.
create function queue_statistics.resolve_name(name text)
  returns void language plpgsql
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off
  as $$
declare
  resolved constant bigint := queue_statistics.queue_of(name, null);
  fresh queue_statistics.offer_events[];
begin
  if resolved is null then
    return;
  end if;
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('queue_statistics'), pg_catalog.hashtext(w.source))
     from (select distinct e.source from queue_statistics.offer_events e
            where e.queue is null and e.queue_name = name order by e.source) w;
  loop
    with waiting as (
      select e.callid, e.digest, e.ordinal from queue_statistics.offer_events e
       where e.queue is null and e.queue_name = name limit 1000
    ),
    found as (
      update queue_statistics.offer_events e set queue = resolved
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

-- Resolves every name that events wait for although it has a queue. `roll-up` calls it: see Locks in
-- 20_event_kinds.sql.
create function queue_statistics.resolve_forgotten()
  returns void language sql
  set enable_seqscan = off
  as $$
  select queue_statistics.resolve_name(w.queue_name)
    from (select distinct e.queue_name from queue_statistics.offer_events e where e.queue is null) w
  $$;

-- A change after which a name may have a queue; after that of a customer any name may.
create function queue_statistics.resolve_waiting()
  returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp set enable_seqscan = off
  as $$
begin
  if tg_table_name = 'map_queues' then
    perform queue_statistics.lock_names();
  end if;
  perform queue_statistics.resolve_name(w.queue_name)
     from (select distinct e.queue_name from queue_statistics.offer_events e
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

-- An agent's name means another destination: its offers move there.
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
              from queue_statistics.offer_events e
              join queue_statistics.queue_destination_calls c
                on c.queue = e.queue and c.id = e.call and c.uniqueid = e.callid
             cross join queue_statistics.agent_destination(name) a
             where e.agent = name) m
        on conflict (queue, dtype, dnumber) do nothing;
    update queue_statistics.queue_destination_calls c set destination = d.id
      from queue_statistics.offer_events e
     cross join queue_statistics.agent_destination(name) a
      join queue_statistics.queue_destinations d on d.queue = e.queue and d.dtype = a.dtype and d.dnumber = a.dnumber
     where e.agent = name and c.queue = e.queue and c.id = e.call and c.uniqueid = e.callid and c.destination <> d.id;
  end loop;
  return null;
end
  $$;
create trigger move_agent after insert or update or delete on queue_statistics.map_agents
  for each row execute function queue_statistics.move_agent();
