-- The queues of this shard that go together with phone systems: those that events of them name, and those that no
-- events name, when their customer has one of the former or a role of these phone systems is bound to it or to a
-- customer above. It reads all events once.
--
-- $1 text[]  the phone systems
--
-- One row per queue, by id:
--   queue     bigint
--   customer  bigint
--   name      text
--   deleted   boolean
--   others    text     other phone systems whose events name the queue; null: none
with named as materialized (
  select distinct e.queue, e.source from queue_statistics.phone_events e where e.queue is not null
), here as (
  select q.id, q.customer, q.name, q.deleted,
         exists (select from named n where n.queue = q.id and n.source = any ($1::text[])) as is_named,
         (select string_agg(n.source, ', ')
            from named n where n.queue = q.id and n.source <> all ($1::text[])) as others
    from queue_statistics.queue_shards s
    join queue_statistics.queues q on q.id = s.queue
   where s.shard = (select h.number from queue_statistics.shard h)
)
select h.id, h.customer, h.name, h.deleted, h.others
  from here h
 where h.is_named
    or h.others is null
       and (h.customer in (select o.customer from here o where o.is_named)
            or exists (select from queue_statistics.phone_system_roles r
                        where r.source = any ($1::text[]) and queue_statistics.is_within(h.customer, r.customer)))
 order by h.id
