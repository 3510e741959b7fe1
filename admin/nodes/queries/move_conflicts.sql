-- What keeps a shard from taking queues of another.
--
-- $1 text      agents, as move_rows has them
-- $2 text      names, likewise
-- $3 boolean   every role of the phone systems is bound to a customer
-- $4 text[]    the phone systems
-- $5 bigint[]  the queues
-- $6 boolean   the copy has begun
--
-- One row per problem:
--   problem  text
--
-- Served by the keys of the tables, phone_events_agent and queues_name.
select format('agent %s means %s %s on that shard, and %s %s here', a.name, d.dtype, d.dnumber, a.dtype, a.dnumber)
  from jsonb_to_recordset($1::jsonb) a (name text, dtype text, dnumber text, used boolean)
 cross join queue_statistics.agent_destination(a.name) d
 where a.used and (d.dtype, d.dnumber) <> (a.dtype, a.dnumber)
   and (exists (select from queue_statistics.map_agents m where m.name = a.name)
        or exists (select from queue_statistics.phone_events e
                    where e.agent = a.name and e.kind in ('offer', 'leg', 'answer', 'end')
                      and e.source <> all ($4::text[])))
union all
select format('the name %s is mapped to something else on that shard', m.name)
  from jsonb_to_recordset($2::jsonb) n (name text, queue bigint)
  join queue_statistics.map_queues m on m.name = n.name and m.queue is distinct from n.queue
 where n.queue is not null
union all
-- A name that several queues have means none, to both phone systems, unless each is bound to a customer.
select format('the name %s would mean two queues on that shard, %s and %s: bind each phone system to its customer '
              'first (queue-statistics grant phone-system --customer)', q.name, q.id, c.id)
  from queue_statistics.queues q
  join queue_statistics.current_queues c on c.name = q.name
 where q.id = any ($5::bigint[])
   and not ($3::boolean and exists (select from queue_statistics.phone_system_roles)
            and not exists (select from queue_statistics.phone_system_roles r where r.customer is null))
union all
select format('that shard has events of %s already, which came there by mistake: queue-statistics forget', p.source)
  from queue_statistics.phone_systems p
 where not $6::boolean and p.source = any ($4::text[])
   and exists (select from queue_statistics.phone_events e where e.source = p.source)
union all
select format('that shard has rows of queue %s, which are left over', u.id)
  from unnest($5::bigint[]) u (id)
 where not $6::boolean
   and (exists (select from queue_statistics.queue_destinations d where d.queue = u.id)
        or exists (select from queue_statistics.queue_calls c where c.queue = u.id))
