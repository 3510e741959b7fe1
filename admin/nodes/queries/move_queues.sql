-- Says on the router that queues and their destinations are on another shard.
--
-- $1 bigint[]  the queues
-- $2 smallint  the shard
-- $3 bigint[]  the destinations
--
-- Served by queue_shards_pkey and moved_destinations_pkey.
with destinations as (
  insert into queue_statistics.moved_destinations (id, shard)
  select u.id, $2::smallint from unnest($3::bigint[]) u (id) where u.id / 1000000000000 <> $2::smallint
      on conflict (id) do update set shard = excluded.shard
), home_again as (
  delete from queue_statistics.moved_destinations m
   where m.id = any ($3::bigint[]) and m.id / 1000000000000 = $2::smallint
)
update queue_statistics.queue_shards s set shard = $2::smallint where s.queue = any ($1::bigint[])
