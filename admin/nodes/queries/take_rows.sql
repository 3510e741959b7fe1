-- Takes rows of the shard that queues come from, as move_rows has them: agents that no other phone system's events name
-- here, and names that are nobody's where no queue has the name.
--
-- $1 text    agents
-- $2 text    names
-- $3 text    before
-- $4 text    events_before
-- $5 text[]  the phone systems
with agents as (
  insert into queue_statistics.map_agents (name, dtype, dnumber)
  select a.name, a.dtype, a.dnumber
    from jsonb_to_recordset($1::jsonb) a (name text, dtype text, dnumber text, mapped boolean)
   where a.mapped and not exists (select from queue_statistics.phone_events e
                                   where e.agent = a.name and e.kind in ('offer', 'leg', 'answer', 'end')
                                     and e.source <> all ($5::text[]))
      on conflict do nothing
), names as (
  insert into queue_statistics.map_queues (name, queue)
  select n.name, n.queue
    from jsonb_to_recordset($2::jsonb) n (name text, queue bigint)
   where n.queue is not null or not exists (select from queue_statistics.queues q where q.name = n.name)
      on conflict do nothing
)
select queue_statistics.begin_prune($3::timestamptz, $4::timestamptz)
 where greatest($3::timestamptz, $4::timestamptz) > '-infinity'
