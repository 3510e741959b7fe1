-- Takes events that wait on another shard. Those that are here already are left out. Their queues are found by
-- resolve_step().
--
-- $1 text  as list_waiting has them
--
-- Served by phone_events_pkey.
with taken as (
  insert into queue_statistics.phone_events
  select n.* from unnest($1::queue_statistics.phone_events[]) n on conflict do nothing
)
insert into queue_statistics.changed_names (kind, name)
select distinct 'queue', n.queue_name from unnest($1::queue_statistics.phone_events[]) n
