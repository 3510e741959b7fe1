-- The number of calls. Up to 100,000 calls are counted. For more, PostgreSQL's estimate counts, which autovacuum keeps.
--
-- One row:
--   calls  bigint
--   exact  boolean  counted, not estimated
select case when n.counted <= 100000 then n.counted
            else greatest(100000, (select sum(reltuples)::bigint
                                     from (select 'queue_statistics.queue_destination_calls'::regclass as id
                                           union
                                           select relid
                                             from pg_partition_tree('queue_statistics.queue_destination_calls')) t
                                     join pg_class c on c.oid = t.id
                                    where c.relkind = 'r'))
       end,
       n.counted <= 100000
  from (select count(*) as counted from (select from queue_statistics.queue_destination_calls limit 100001) few) n
