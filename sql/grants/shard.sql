-- A shard copies these tables from the router, and follows their changes. The role also needs the attribute REPLICATION,
-- which only a superuser gives.
grant usage on schema queue_statistics to :"role";
grant select on queue_statistics.customers, queue_statistics.queues, queue_statistics.queue_shards,
  queue_statistics.shard to :"role";
