-- Rows of this shard that a move takes along by hand.
--
-- $1 text[]    the phone systems
-- $2 bigint[]  the queues
-- $3 text[]    agents that the other shard maps
--
-- One row:
--   agents         text     what agents mean that either shard maps, as JSON. `mapped`: this one does; `used`:
--                           events of these phone systems name the agent
--   names          text     map_queues of these queues, and names that are nobody's, as JSON
--   before         text     see the table pruned
--   events_before  text
--   are_bound      boolean  every role of these phone systems is bound to a customer
--
-- Served by phone_events_agent.
select (select coalesce(jsonb_agg(jsonb_build_object(
                 'name', n.name, 'dtype', d.dtype, 'dnumber', d.dnumber,
                 'mapped', exists (select from queue_statistics.map_agents m where m.name = n.name),
                 'used', exists (select
                                   from queue_statistics.phone_events e
                                  where e.agent = n.name and e.kind in ('offer', 'leg', 'answer', 'end')
                                    and e.source = any ($1::text[])))), '[]')
          from (select m.name from queue_statistics.map_agents m union select unnest($3::text[])) n (name)
         cross join queue_statistics.agent_destination(n.name) d),
       (select coalesce(jsonb_agg(m), '[]')
          from queue_statistics.map_queues m where m.queue is null or m.queue = any ($2::bigint[])),
       coalesce(p.before, '-infinity'), coalesce(p.events_before, '-infinity'),
       coalesce((select bool_and(r.customer is not null)
                   from queue_statistics.phone_system_roles r where r.source = any ($1::text[])), false)
  from (select) one
  left join queue_statistics.pruned p on true
