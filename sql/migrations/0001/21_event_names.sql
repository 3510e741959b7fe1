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
-- Deleted queues and queues of deleted customers never count. `bound`: the customer that the event's role is bound to,
-- if it is to one; then queue_within() says what the name means. The function only reads. It is plpgsql, as are those
-- below, because plpgsql keeps its plans.
create function queue_statistics.queue_of(name text, customer bigint, bound bigint default null)
  returns bigint language plpgsql stable
  as $$
declare
  mapped bigint;
  fitting bigint[];
begin
  if bound is not null then
    return (queue_statistics.queue_within(name, bound)).queue;
  end if;
  select m.queue into mapped from queue_statistics.map_queues m where m.name = queue_of.name;
  if found and mapped is null and queue_of.customer is null then
    return null;
  end if;
  if mapped is not null then
    if queue_of.customer is null or exists (
         select from queue_statistics.queues q where q.id = mapped and q.customer = queue_of.customer) then
      return (select q.id from queue_statistics.current_queues q where q.id = mapped);
    end if;
  end if;
  fitting := array(select q.id from queue_statistics.current_queues q
                    where q.name = queue_of.name
                      and (queue_of.customer is null or q.customer = queue_of.customer) limit 2);
  return case when cardinality(fitting) = 1 then fitting[1] end;
end
  $$;

-- Whether a customer is `top` or below it. A cycle in `parent` ends the walk.
create function queue_statistics.is_within(customer bigint, top bigint)
  returns boolean language plpgsql stable
  as $$
declare
  above  bigint := customer;
  walked bigint[] := '{}';
begin
  while above <> top and above <> all (walked) loop
    walked := walked || above;
    select c.parent into above from queue_statistics.customers c where c.id = above;
  end loop;
  return coalesce(above = top, false);
end
  $$;

-- What a queue name means in an event of a role that is bound to a customer. `queue`: the id of the queue that
-- map_queues names, if it is of that customer or of one below, else of the one queue of this name that is; null when
-- there is none, or several. `is_foreign`: there are such queues, but all of them are of others. A name that is
-- nobody's (map_queues) means a queue of the customer's own all the same, and is never foreign. The function only
-- reads.
create function queue_statistics.queue_within(name text, customer bigint, out queue bigint, out is_foreign boolean)
  language plpgsql stable
  as $$
begin
  select coalesce(min(n.id) filter (where n.fits and n.mapped),
                  case when count(*) filter (where n.fits) = 1 then min(n.id) filter (where n.fits) end),
         count(*) > 0 and not bool_or(n.fits) and not queue_statistics.is_nobodys(name)
    into queue, is_foreign
    from (select q.id, m.mapped, queue_statistics.is_within(q.customer, queue_within.customer) as fits
            from (select m.queue as id, true as mapped
                    from queue_statistics.map_queues m where m.name = queue_within.name
                   union all
                  select q.id, false from queue_statistics.queues q where q.name = queue_within.name) m
            join queue_statistics.current_queues q on q.id = m.id offset 0) n;
end
  $$;

-- Why an event of a role that is bound to a customer (event.customer) may not come in: its name means queues of others
-- alone, or it would go on with a stay in a queue of others, under the same source. Null when it may. An event whose
-- name means no queue at all may: it waits for a queue of the customer's.
create function queue_statistics.foreign_problem(event queue_statistics.phone_event)
  returns text language plpgsql stable
  as $$
begin
  return case when event.kind <> 'restart' and (
      (queue_statistics.queue_within(event.queue_name, event.customer)).is_foreign
      or exists (select
                   from (select * from queue_statistics.phone_events e where e.callid = event.callid offset 0) e
                   join queue_statistics.queues q on q.id = e.queue
                  where e.source = event.source and e.queue_name = event.queue_name
                    and not queue_statistics.is_within(q.customer, event.customer)))
    then pg_catalog.format('the queue is of a customer that the role may not write for, which is bound to %s',
                           event.customer) end;
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
-- the name. `customer`: their role is bound to it, and the name means queues of that customer and those below it alone.
create view queue_statistics.unmapped_queues as
  select e.queue_name, e.source, count(*) as events, min(e.time) as first_event, max(e.time) as last_event,
         (select count(*) from queue_statistics.current_queues q
           where q.name = e.queue_name
             and (e.customer is null or queue_statistics.is_within(q.customer, e.customer))) as queues,
         e.customer
    from queue_statistics.phone_events e
   where e.queue is null
   group by e.queue_name, e.source, e.customer;

-- Changes of what names mean, whose events are yet to follow. Folding reads what names mean without a lock. So whoever
-- follows a change may overlook events that were being folded as the change was committed. Each such transaction had an
-- id by then (lock_phone_systems() gives it one), which is below that of any transaction that sees the change: the
-- fence. So all of these events are there once every transaction below the fence has ended. The table has no unique
-- key, so that no change waits for another.
--   kind     queue: events wait for the name; agent: offers of the name move
--   fence    null: no step has seen the change yet
--   reached  a pass over the name's events got here: a callid (queue) or Unix seconds (agent); null: none has begun
--   ended    all transactions below this one had ended as the pass began
--   passed   a pass is over, and the change is still listed because transactions below the fence ran
create table queue_statistics.changed_names (
  id      bigint generated always as identity primary key,
  kind    text not null check (kind in ('queue', 'agent')),
  name    text collate "C" not null,
  fence   xid8,
  reached text collate "C",
  ended   xid8,
  passed  boolean not null default false
);

-- Notes the names that a change of map_queues, map_agents or a queue concerns: the old one and the new one. A change of
-- a customer concerns the names of the queues of that customer and of all customers below.
create function queue_statistics.note_names()
  returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if tg_table_name = 'customers' then
    insert into queue_statistics.changed_names (kind, name)
    select 'queue', n.name
      from (with recursive below (id) as (
              select new.id
               union
              select c.id from queue_statistics.customers c join below b on c.parent = b.id
            )
            select q.name from queue_statistics.queues q join below b on q.customer = b.id
             union
            select m.name
              from queue_statistics.map_queues m
              join queue_statistics.queues q on q.id = m.queue
              join below b on q.customer = b.id) n;
  else
    insert into queue_statistics.changed_names (kind, name)
    select case tg_table_name when 'map_agents' then 'agent' else 'queue' end, n.name
      from (select old.name union select new.name) n (name)
     where n.name is not null;
  end if;
  return null;
end
  $$;
create trigger note_names after insert or update or delete on queue_statistics.map_queues
  for each row execute function queue_statistics.note_names();
create trigger note_names after insert or update or delete on queue_statistics.map_agents
  for each row execute function queue_statistics.note_names();
create trigger note_names after insert or update of customer, name, deleted on queue_statistics.queues
  for each row execute function queue_statistics.note_names();
create trigger note_names after update of parent, deleted on queue_statistics.customers
  for each row execute function queue_statistics.note_names();

-- Gives waiting events the queue that their name means now, and makes their calls: those of the next callids after
-- `reached`, `most` events or a little more. Returns the last callid; null when no event is left, or the name means no
-- queue. It takes the lock of each phone system whose events they are.
create function queue_statistics.resolve_waiting(of_name text, reached text, most integer)
  returns text language plpgsql
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off
  as $$
declare
  resolved constant bigint := queue_statistics.queue_of(of_name, null);
  next_one text;
  last_one text;
  sources  text[];
  fresh queue_statistics.phone_events[];
begin
  if resolved is null and not exists (select from queue_statistics.current_queues q where q.name = of_name) then
    return null;
  end if;
  select min(e.callid), max(e.callid), array_agg(distinct e.source) into next_one, last_one, sources
    from (select e.callid, e.source
            from queue_statistics.phone_events e
           where e.queue is null and e.queue_name = of_name and e.callid > coalesce(reached, '')
           order by e.callid limit most) e;
  if last_one is null then
    return null;
  end if;
  perform queue_statistics.lock_phone_systems(sources);
  with found as (
    update queue_statistics.phone_events e set queue = n.queue
      from (select w.callid, w.digest, w."time", w.ordinal,
                   case when w.customer is null then resolved
                        else queue_statistics.queue_of(of_name, null, w.customer) end as queue
              from queue_statistics.phone_events w
             where w.queue is null and w.queue_name = of_name and w.callid between next_one and last_one
               and w.source = any (sources) offset 0) n
     where e.callid = n.callid and e.digest = n.digest and e."time" = n."time" and e.ordinal = n.ordinal
       and n.queue is not null
    returning e
  )
  select array_agg(f.e) into fresh from found f;
  if fresh is not null then
    perform queue_statistics.make_calls(fresh);
  end if;
  return last_one;
end
  $$;

-- Moves offers of an agent to the destination that the name means now: those that began from the second `reached` on,
-- `most` of them or a little more. Returns the second after the last one; null when no offer is left. It adds
-- destinations that are missing, and never moves an offer of a site's own.
create function queue_statistics.move_offers(of_name text, reached text, most integer)
  returns text language plpgsql
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off
  as $$
declare
  since constant timestamptz := to_timestamp(coalesce(reached, '0')::bigint);
  until timestamptz;
begin
  select max(e.began) + interval '1 second' into until
    from (select e.began from queue_statistics.phone_events e
           where e.agent = of_name and e.kind in ('offer', 'leg', 'answer', 'end') and e.began >= since
           order by e.began limit most) e;
  if until is null then
    return null;
  end if;
  perform set_config('queue_statistics.folding', 'on', true);
  insert into queue_statistics.queue_destinations (id, queue, dtype, dnumber)
  select queue_statistics.destination_id(), m.*
    from (select distinct c.queue, a.dtype, a.dnumber
            from queue_statistics.phone_events e
            join queue_statistics.queue_destination_calls c
              on c.queue = e.queue and c.id = e.call and c.uniqueid = e.callid
           cross join queue_statistics.agent_destination(of_name) a
           where e.agent = of_name and e.kind in ('offer', 'leg', 'answer', 'end')
             and e.began >= since and e.began < until and not e.offer_is_own
           order by 1, 2, 3) m
      on conflict (queue, dtype, dnumber) do nothing;
  update queue_statistics.queue_destination_calls c set destination = d.id
    from queue_statistics.phone_events e
   cross join queue_statistics.agent_destination(of_name) a
    join queue_statistics.queue_destinations d on d.queue = e.queue and d.dtype = a.dtype and d.dnumber = a.dnumber
   where e.agent = of_name and e.kind in ('offer', 'leg', 'answer', 'end') and e.began >= since and e.began < until
     and c.queue = e.queue and c.id = e.call and c.uniqueid = e.callid and c.destination <> d.id
     and not e.offer_is_own;
  perform set_config('queue_statistics.folding', '', true);
  return date_part('epoch', until)::bigint;
end
  $$;

-- One bounded step of what changed names ask for; for the owner of the schema. Whoever calls it runs it again and
-- again, each time in a transaction of its own, until `state` is `done` or `waiting`:
--   more     there is more to do
--   waiting  all that can be seen is done; transactions older than a change still run, and may hold events of its name.
--            Or an open transaction has locked what the step needs for two seconds
--   done     no change is left
-- `most`: events per step. A phone system waits for one step at most, some 0.05 s for 200 events.
create function queue_statistics.resolve_step(most integer, out state text)
  language plpgsql
  set lock_timeout = '2s'
  as $$
declare
  oldest constant xid8 := pg_snapshot_xmin(pg_current_snapshot());  -- transaction that still runs
  n queue_statistics.changed_names;
begin
  update queue_statistics.changed_names c set fence = null, reached = null, ended = null, passed = false
   where c.fence > pg_snapshot_xmax(pg_current_snapshot());  -- a restored dump's
  select * into n from queue_statistics.changed_names c
   order by c.passed and c.fence > oldest, random() limit 1 for update skip locked;  -- no name waits for another
  if not found then
    state := case when exists (select from queue_statistics.changed_names) then 'waiting' else 'done' end;
    return;
  elsif n.passed and n.fence > oldest then
    state := 'waiting';
    return;
  end if;
  n.fence := coalesce(n.fence, pg_current_xact_id());
  if n.reached is null then
    n.ended := oldest;
  end if;
  n.reached := case n.kind when 'queue' then queue_statistics.resolve_waiting(n.name, n.reached, most)
                           else queue_statistics.move_offers(n.name, n.reached, most) end;
  if n.reached is null then
    delete from queue_statistics.changed_names c
     where c.kind = n.kind and c.name = n.name and (c.fence <= n.ended or c.id = n.id and n.fence <= n.ended);
  end if;
  update queue_statistics.changed_names c
     set fence = n.fence, reached = n.reached, ended = n.ended, passed = c.passed or n.reached is null
   where c.id = n.id;
  state := 'more';
exception when lock_not_available then
  state := 'waiting';
end
  $$;
