-- The number of calls: counted up to 100,000, else PostgreSQL's estimate, which autovacuum keeps.
-- calls bigint, exact boolean
select case when n.counted <= 100000 then n.counted
            else greatest(100000, (select sum(reltuples)::bigint from pg_partition_tree('queue_statistics.queue_destination_calls') t
                                     join pg_class c on c.oid = t.relid where t.isleaf))
       end,
       n.counted <= 100000
  from (select count(*) as counted from (select from queue_statistics.queue_destination_calls limit 100001) few) n
