-- What is wrong on a router, but for what the shards themselves must be asked.
--
-- One row per problem:
--   problem  text
--
-- Served by queue_shards_pkey.
with shards as (
  select substr(o.option_name, 2)::integer as number
    from pg_foreign_server f
   cross join pg_options_to_table(f.srvoptions) o
   where f.srvname = 'queue_statistics' and o.option_name ~ '^p[0-9]+$'
)
select format('queues without a shard, whose statistics are not available: %s, the first is %s. Say where it is: '
              'insert into queue_statistics.queue_shards (queue, shard) values (%2$s, N);', count(*), min(q.id))
  from queue_statistics.queues q
 where not q.deleted and not exists (select from queue_statistics.queue_shards s where s.queue = q.id)
having count(*) > 0
union all
select format('queues are on shard %s, which has no address. Give it one: queue-statistics shard add %1$s CONNINFO', s.shard)
  from (select distinct shard from queue_statistics.queue_shards) s
 where s.shard not in (select number from shards)
union all
select case when r.slot_name is null
            then format('shard %s does not follow this router. On the shard: queue-statistics shard init %1$s --router '
                        'CONNINFO', s.number)
            when r.wal_status = 'lost'
            then format('shard %s was away for so long that it cannot follow this router any more. On the shard: drop '
                        'its subscription, and run queue-statistics shard init %1$s --router CONNINFO again', s.number)
            else format('shard %s is away, and this server keeps %s of WAL for it', s.number,
                        pg_size_pretty(pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_replay_lsn()
                                                            else pg_current_wal_lsn() end, r.restart_lsn))) end
  from shards s
  left join pg_replication_slots r on r.slot_name = 'queue_statistics_shard_' || s.number
 where (r.slot_name is null or not r.active) and not pg_is_in_recovery()  -- a standby has no slots
