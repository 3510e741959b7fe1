-- Ends what is written here for the queues that move: events wait, and other writers are refused.
--
-- One row:
--   xid  text  of this transaction: older ones may still write for the queues
with leaving as (
  insert into queue_statistics.leaving_queues (queue)
  select unnest(m.queues) from queue_statistics.moves m on conflict do nothing
), systems as (
  insert into queue_statistics.phone_systems (source, moved_to)
  select unnest(m.sources), m.shard from queue_statistics.moves m
      on conflict (source) do update set moved_to = excluded.moved_to
)
select pg_current_xact_id()
