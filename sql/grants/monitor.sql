-- A monitor reads what `queue-statistics status` reads: numbers, times, and what is wrong. Columns are granted by name:
-- no password hash, no name of a person, no event. The views of 34_monitoring.sql count those.
grant usage on schema queue_statistics to :"role";
grant select (version, works_with) on queue_statistics.schema_version to :"role";
grant select (id, parent, deleted) on queue_statistics.customers to :"role";
grant select (id) on queue_statistics.roles to :"role";
grant select (id, active) on queue_statistics.people to :"role";
grant select (id, name, deleted) on queue_statistics.queues to :"role";
grant select (id, queue, removed) on queue_statistics.queue_destinations to :"role";
grant select (number) on queue_statistics.shard to :"role";
grant select (sources, shard, step) on queue_statistics.moves to :"role";
grant select (source, moved_to) on queue_statistics.phone_systems to :"role";
grant select (queue, shard) on queue_statistics.queue_shards to :"role";
grant select (id, queue, start, in_progress) on queue_statistics.queue_destination_calls to :"role";
grant select (id, queue, entered, outcome, in_progress) on queue_statistics.queue_calls to :"role";
grant select (id) on queue_statistics.queue_log, queue_statistics.freeswitch_events, queue_statistics.event_problems
  to :"role";
grant select on queue_statistics.rollup_state, queue_statistics.rollup_dirty, queue_statistics.phone_system_roles,
  queue_statistics.phone_system_addresses, queue_statistics.unmapped_queues, queue_statistics.newest_events,
  queue_statistics.refused_hashes, queue_statistics.event_problem_kinds, queue_statistics.overdue_events
  to :"role";
-- Views read with their owner's rights, and run functions with those of who asks.
grant execute on function queue_statistics.is_deleted(bigint), queue_statistics.is_within(bigint, bigint),
  queue_statistics.is_acceptable_hash(text), queue_statistics.crypt_number(text)
  to :"role";
grant select on all sequences in schema queue_statistics to :"role";
